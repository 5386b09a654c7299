import { thing } from '../socket/connection.ts'

export const other = thing

import { thing } from '../messages/mark-read.ts'

export const other = thing

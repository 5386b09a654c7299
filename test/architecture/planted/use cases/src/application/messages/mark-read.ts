import { thing } from '../live/hub.ts'

export const other = thing

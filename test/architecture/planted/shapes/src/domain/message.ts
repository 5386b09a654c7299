import { thing } from './decision.ts'

export const other = thing

import { thing } from './evolve.ts'

export const other = thing

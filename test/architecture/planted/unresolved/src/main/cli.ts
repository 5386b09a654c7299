import { gone } from './gone.ts'

export const cli = gone

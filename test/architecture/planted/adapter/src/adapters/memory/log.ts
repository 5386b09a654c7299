import { rows } from '../mikro-orm/rows.ts'

export const log = rows

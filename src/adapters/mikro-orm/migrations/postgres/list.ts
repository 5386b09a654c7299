import { Tables } from './0001-tables.ts'

export const migrations = [{ name: '0001-tables', class: Tables }]

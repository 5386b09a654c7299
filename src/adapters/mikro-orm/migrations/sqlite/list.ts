import { Tables } from './0001-tables.ts'
import { Search } from './0002-search.ts'

export const migrations = [
  { name: '0001-tables', class: Tables },
  { name: '0002-search', class: Search },
]

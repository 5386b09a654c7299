import { Tables } from './0001-tables.ts'
import { Search } from './0002-search.ts'
import { GoneChats } from './0003-gone-chats.ts'

export const migrations = [
  { name: '0001-tables', class: Tables },
  { name: '0002-search', class: Search },
  { name: '0003-gone-chats', class: GoneChats },
]

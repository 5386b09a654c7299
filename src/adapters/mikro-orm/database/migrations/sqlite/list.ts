import { Tables } from './0001-tables.ts'
import { Search } from './0002-search.ts'
import { GoneChats } from './0003-gone-chats.ts'
import { Reading } from './0004-reading.ts'
import { Content } from './0005-content.ts'
import { OwnState } from './0006-own-state.ts'
import { People } from './0007-people.ts'
import { Relay } from './0008-relay.ts'
import { Order } from './0009-order.ts'
import { Accounts } from './0010-accounts.ts'
import { Consent } from './0011-consent.ts'
import { FileLinks } from './0012-file-links.ts'
import { Avatars } from './0013-avatars.ts'

export const migrations = [
  { name: '0001-tables', class: Tables },
  { name: '0002-search', class: Search },
  { name: '0003-gone-chats', class: GoneChats },
  { name: '0004-reading', class: Reading },
  { name: '0005-content', class: Content },
  { name: '0006-own-state', class: OwnState },
  { name: '0007-people', class: People },
  { name: '0008-relay', class: Relay },
  { name: '0009-order', class: Order },
  { name: '0010-accounts', class: Accounts },
  { name: '0011-consent', class: Consent },
  { name: '0012-file-links', class: FileLinks },
  { name: '0013-avatars', class: Avatars },
]

import { rename } from '../copy/absorb.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { renameMember } from '../copy/members.ts'
import { named } from '../copy/message.ts'
import type { Person, Profile, Sender } from '../types.ts'

export interface Naming {
  /** A new message names its sender: so the user is named as a partner, and among the members of each chat. */
  sent(sender: Sender): void
  /** A user is shown otherwise now: as a partner, among the members, and as the sender of all messages. */
  shown(person: Profile): void
}

/** The latest name of a user is right wherever the user is shown. */
export function naming({ all, touch }: Copies): Naming {
  const latest = new Map<string, string | undefined>()

  function renamed({ item, members }: Copy, id: string, names: Partial<Person>): boolean {
    // Who is deleted stays without a name.
    const isPartner = item?.partner?.id === id && item.partner.name !== undefined
    const isMember = members.loaded.get(id)?.person.name !== undefined
    if (isPartner) item.partner = { ...item.partner!, ...names }
    if (isMember) renameMember(members, id, names)
    return isPartner || isMember
  }

  return {
    sent({ id, name }) {
      if (latest.get(id) === name) return
      latest.set(id, name)
      for (const copy of all()) if (renamed(copy, id, { name })) touch(copy, 'item', 'members')
    },
    shown(person) {
      latest.set(person.id, person.name)
      for (const copy of all()) {
        const { item, timeline } = copy
        if (renamed(copy, person.id, person)) touch(copy, 'item', 'members')
        const last = item?.lastMessage && named(item.lastMessage, person)
        const isLast = last !== item?.lastMessage
        if (isLast) item!.lastMessage = last
        if (rename(timeline, person) || isLast) touch(copy, 'item', 'timeline')
      }
    },
  }
}

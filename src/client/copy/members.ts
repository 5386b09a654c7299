import type { Member as WireMember } from '../../adapters/wire/schemas/chats.ts'
import type { ChatEvent } from '../calls/read-event.ts'
import { millis, perhaps, readPerson } from '../calls/read-wire.ts'
import type { Member, Person } from '../types.ts'
import { byKind, type Kinds } from './kinds.ts'

export type KnownMember = Pick<Member, 'person' | 'role' | 'joinedAt' | 'mutedUntil'>

/** What is known of the members of one chat. It belongs to its maker, and is changed in place. */
export interface MembersCopy {
  /** Oldest first; what was loaded, kept up to date by events. */
  readonly loaded: Map<string, KnownMember>
  /** Every member is in `loaded`. */
  isWhole: boolean
  /** How far others have read, as far as is known. */
  readonly marks: Map<string, number>
}

export const emptyMembers = (): MembersCopy => ({ loaded: new Map(), isWhole: false, marks: new Map() })

/** Adds a page of members, the first one in place of what was there. */
export function addMembers(members: MembersCopy, page: readonly WireMember[], { isFirst, isLast }: { isFirst: boolean; isLast: boolean }) {
  if (isFirst) members.loaded.clear()
  for (const { user, role, joined_at, muted_until } of page)
    members.loaded.set(user.id, { person: readPerson(user), role, joinedAt: millis(joined_at), mutedUntil: perhaps(muted_until ?? null) })
  members.isWhole = isLast
}

/** Somebody else has read so far. */
export const markMember = ({ marks }: MembersCopy, userId: string, seq: number): void =>
  void marks.set(userId, Math.max(seq, marks.get(userId) ?? 0))

/** Applies an event to the members. Returns whether it changes them, or how far all have read. */
export const applyToMembers = (members: MembersCopy, event: ChatEvent, me: string): boolean => byKind(kinds, event, members, me)

const unchanged = () => false
const gone = ({ userId }: { readonly userId: string }, { loaded, marks }: MembersCopy): true => {
  loaded.delete(userId)
  marks.delete(userId)
  return true
}
/** Somebody is called otherwise. */
export const renameMember = (members: MembersCopy, userId: string, names: Partial<Person>): true =>
  change(members, userId, (member) => ({ ...member, person: { ...member.person, ...names } }))

function change({ loaded }: MembersCopy, userId: string, to: (member: KnownMember) => KnownMember): true {
  const member = loaded.get(userId)
  if (member) loaded.set(userId, to(member))
  return true
}

const kinds: Kinds<[members: MembersCopy, me: string], boolean> = {
  'chat.created'({ seq, members: created }, { marks }, me) {
    for (const { person } of created) if (person.id !== me) marks.set(person.id, seq)
    return true
  },
  'chat.renamed': unchanged,
  'chat.data_changed': unchanged,
  'chat.rules_changed': unchanged,
  'chat.description_changed': unchanged,
  'chat.avatar_changed': unchanged,
  'member.added'({ person, role, seq, at }, { loaded, isWhole, marks }, me) {
    // Where not all are loaded, the newest come with the last page.
    if (isWhole) loaded.set(person.id, { person, role, joinedAt: at, mutedUntil: undefined })
    if (person.id !== me) marks.set(person.id, seq)
    return true
  },
  'member.left': gone,
  'member.removed': gone,
  'member.muted': ({ userId, until }, members) => change(members, userId, (member) => ({ ...member, mutedUntil: until })),
  'member.banned': unchanged,
  'member.unbanned': unchanged,
  'member.role_changed': ({ userId, role }, members) => change(members, userId, (member) => ({ ...member, role })),
  'message.sent': unchanged,
  'message.edited': unchanged,
  'message.deleted': unchanged,
  'message.reacted': unchanged,
  'message.pinned': unchanged,
  'message.unpinned': unchanged,
  'author.erased': ({ userId }, members) => renameMember(members, userId, { name: undefined, username: undefined }),
}

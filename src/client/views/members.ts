import { limits } from '../../adapters/wire/limits.ts'
import type { Member as WireMember } from '../../adapters/wire/schemas/chats.ts'
import type { UserId } from '../../domain/ids.ts'
import type { Call } from '../calls/http.ts'
import { asDomainPerson, millis } from '../calls/read-wire.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { absorb } from '../copy/timeline.ts'
import { derived, sameList } from '../platform/store.ts'
import type { CallOptions, Member, Members, Store } from '../types.ts'

export interface MemberList {
  readonly store: Store<Members>
  changed(): void
  load(options?: CallOptions): Promise<void>
  /** Loads again what was loaded before events were left out. */
  repair(): void
}

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  readonly call: Call
  me(): string
  known(): Promise<unknown>
  remark(): void
}

/** Who is in a chat; once loaded, kept level by the log. */
export function memberList({ copy, copies, call, me, known, remark }: Needs): MemberList {
  const { timeline } = copy
  const persons = new Map<string, Member>()
  let status: Members['status'] = 'idle'
  let cursor: string | undefined
  let generation = -1

  const store = derived<Members>((before) => {
    const items = status === 'idle' ? [] : [...timeline.state.members.values()].flatMap((member) => (member ? show(member) : []))
    return { items: sameList(before?.items, items), status, hasMore: cursor !== undefined }
  })

  /** The same object while nothing about the member changes. */
  function show({ person, role, joinedAt }: { person: object; role: Member['role']; joinedAt: number }): Member {
    const who = person as Member['person']
    const readSeq = (who.id === me() ? copy.item?.readSeq : copy.marks.get(who.id)) ?? 0
    const before = persons.get(who.id)
    if (before && before.person === who && before.role === role && before.readSeq === readSeq) return before
    const member: Member = { person: who, role, joinedAt, readSeq }
    persons.set(who.id, member)
    return member
  }

  async function load({ signal }: CallOptions = {}): Promise<void> {
    if (status === 'ready' && cursor === undefined && generation === copy.generation) return
    if (generation !== copy.generation) cursor = undefined
    await known()
    const isFirst = cursor === undefined
    if (status !== 'ready') status = 'loading'
    store.changed()
    const done = copies.record()
    try {
      const { head } = timeline
      const began = copy.generation
      const query = { cursor, limit: limits.page_size }
      const page = await call<{ items: WireMember[]; next: string | null }>('listMembers', { params: { chat_id: copy.id }, query, signal })
      const { members } = timeline.state
      if (isFirst) members.clear()
      for (const { user, role, joined_at, read_seq } of page.items) {
        members.set(user.id as UserId, { person: asDomainPerson(user), role, joinedSeq: 0, joinedAt: millis(joined_at) })
        if (user.id !== me()) copy.marks.set(user.id, Math.max(read_seq, copy.marks.get(user.id) ?? 0))
      }
      for (const { seq, event } of copy.recorded) if (seq > head && event?.type.startsWith('member.')) absorb(timeline, event)
      cursor = page.next ?? undefined
      generation = began
      status = 'ready'
      remark()
    } catch (error) {
      if (status !== 'ready') status = 'failed'
      throw error
    } finally {
      done()
      store.changed()
    }
  }

  return {
    store,
    changed() {
      store.changed()
    },
    load,
    repair() {
      if (status === 'failed' || (status === 'ready' && generation !== copy.generation)) load().catch(() => {})
    },
  }
}

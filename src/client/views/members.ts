import { PAGE_MAX } from '../../adapters/wire/limits.ts'
import type { Member as WireMember } from '../../adapters/wire/schemas/chats.ts'
import type { Call } from '../calls/call.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { addMembers, applyToMembers, type KnownMember, markMember } from '../copy/members.ts'
import { derived, sameList, sameObject } from '../platform/store.ts'
import type { CallOptions, Member, Members, Store } from '../types.ts'

export interface MemberList {
  readonly store: Store<Members>
  changed(): void
  load(options?: CallOptions): Promise<void>
  /** What was loaded may be out of date: it is loaded again when it is wanted. */
  outdate(): void
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

/** Who is in a chat; once loaded, kept up to date by the log. */
export function memberList({ copy, copies, call, me, known, remark }: Needs): MemberList {
  const { members } = copy
  const persons = new WeakMap<KnownMember, Member>()
  let status: Members['status'] = 'idle'
  let cursor: string | undefined
  let generation = -1
  let isLoading = false

  const store = derived<Members>((before) => {
    const items = [...members.loaded.values()].map(show)
    return sameObject(before, { items: sameList(before?.items, items), status, hasMore: cursor !== undefined })
  })

  /** The same object while nothing about the member changes. */
  function show(member: KnownMember): Member {
    const { id } = member.person
    const readSeq = (id === me() ? copy.item?.readSeq : members.marks.get(id)) ?? 0
    const before = persons.get(member)
    const shown = before?.readSeq === readSeq ? before : { ...member, readSeq }
    persons.set(member, shown)
    return shown
  }

  async function loadPage(signal: AbortSignal | undefined): Promise<void> {
    const began = copy.generation
    const { head } = copy.timeline
    const isFirst = cursor === undefined
    const query = { cursor, limit: PAGE_MAX }
    const page = await call<{ items: WireMember[]; next: string | null }>('listMembers', { params: { chat_id: copy.id }, query, signal })
    cursor = page.next ?? undefined
    addMembers(members, page.items, { isFirst, isLast: cursor === undefined })
    for (const { user, read_seq } of page.items) if (user.id !== me()) markMember(members, user.id, read_seq)
    for (const { seq, event } of copy.recorded) if (seq > head && event) applyToMembers(members, event, me())
    generation = began
    remark()
  }

  async function load({ signal }: CallOptions = {}): Promise<void> {
    if (status === 'ready' && cursor === undefined && generation === copy.generation) return
    if (generation !== copy.generation) cursor = undefined
    isLoading = true
    let done = () => {}
    try {
      await known()
      if (status !== 'ready') status = 'loading'
      store.changed()
      done = copies.record()
      await loadPage(signal)
      status = 'ready'
    } catch (error) {
      if (status !== 'ready') status = 'failed'
      throw error
    } finally {
      isLoading = false
      done()
      store.changed()
    }
  }

  return {
    store,
    changed: store.changed,
    load,
    outdate: () => void (generation = -1),
    repair() {
      if (!isLoading && (status === 'failed' || (status === 'ready' && generation !== copy.generation))) load().catch(() => {})
    },
  }
}

import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import { profileOf } from '../calls/read-wire.ts'
import { type Copy, isLost, recordedAbove, startOver, type Unread } from '../copy/copies.ts'
import { itemOf, ownOf, readByOthers, readUpTo } from '../copy/item.ts'
import { fullJitter } from '../platform/backoff.ts'
import { applyToItemOf, selfOf } from './apply.ts'
import type { Forgetting } from './forget.ts'
import type { Naming } from './naming.ts'
import type { SyncNeeds } from './needs.ts'
import { recounted, remark } from './reading.ts'

const REFRESH_AFTER = 300

export interface Refreshing {
  /** Takes over what the service says of a chat. */
  adopt(chat: WireChat): Copy
  /** Fetches a chat and adopts it. Rejects with `chat-not-found`. */
  refresh(id: string, signal?: AbortSignal): Promise<Copy>
  /** Fetches it in a moment, once for many reasons. */
  refreshSoon(copy: Copy, attempt?: number): void
  /** Counts unread messages again after the user's read position has moved; `counted` is the service's number. */
  recount(copy: Copy, counted?: Unread): void
}

/** Fetches what a chat is now. */
export function refreshing(needs: SyncNeeds, { gone, names }: Pick<Forgetting, 'gone'> & { readonly names: Naming }): Refreshing {
  const { copies, call, platform } = needs
  const soon = new Set<string>()

  function refreshSoon({ id }: Copy, attempt = 0): void {
    if (soon.has(id)) return
    soon.add(id)
    platform.later(REFRESH_AFTER + (attempt && fullJitter(attempt, platform.random)), () => {
      soon.delete(id)
      refresh(id).catch((error: unknown) => {
        if (isProblem(error, 'chat-not-found') && copies.find(id)?.item) gone(id, 'not-found')
        else if (isWorthRetrying(error)) refreshSoon(copies.at(id), attempt + 1)
      })
    })
  }

  async function refresh(id: string, signal?: AbortSignal): Promise<Copy> {
    const done = copies.record()
    try {
      for (;;) {
        const copy = copies.at(id)
        const { generation } = copy
        const chat = await call<WireChat>('getChat', { params: { chat_id: id }, signal })
        if (copy.generation === generation || !isLost(copy)) return adopt(chat)
      }
    } finally {
      done()
    }
  }

  function adopt(chat: WireChat): Copy {
    const copy = copies.at(chat.id)
    const before = copy.item
    const item = itemOf(chat)
    if (!copy.cursor) startOver(copy, chat.head_seq)
    copy.item = item
    copy.isHidden = false
    const since = recordedAbove(copy, chat.head_seq)
    if (!since) refreshSoon(copy)
    for (const one of since ?? []) {
      if (one.own) Object.assign(item, ownOf(one.own))
      else if (!applyToItemOf(copy, one, selfOf(needs))) refreshSoon(copy)
    }
    if (before && readUpTo(item, before.readSeq)) recount(copy, unreadOf(before.unread < item.unread ? before : item))
    if (item.partner && before?.partner && item.partner.name !== before.partner.name) names.shown(profileOf(item.partner))
    if (before?.readByOthersSeq !== undefined) readByOthers(item, before.readByOthersSeq)
    remark(copies, copy)
    copies.touch(copy, 'item', 'timeline')
    return copy
  }

  function recount(copy: Copy, counted?: Unread): void {
    if (recounted(copy, selfOf(needs), counted)) refreshSoon(copy, 1)
  }

  return { adopt, refresh, refreshSoon, recount }
}

const unreadOf = ({ unread, unreadMentions }: Unread): Unread => ({ unread, unreadMentions })

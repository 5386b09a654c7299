import { limits } from '../../adapters/wire/limits.ts'
import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import type { Call } from '../calls/http.ts'
import { readPage } from '../calls/pages.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import type { Copies } from '../copy/copies.ts'
import { itemOf } from '../copy/item.ts'
import type { RowMaker } from '../outbox/rows.ts'
import { abortable } from '../platform/abort.ts'
import { retrying } from '../platform/backoff.ts'
import type { Platform } from '../platform/platform.ts'
import { derived, sameList } from '../platform/store.ts'
import type { Sync } from '../socket/sync.ts'
import type { ChatItem, ChatList, Chats, Problem, Store } from '../types.ts'
import { activityOf, showItem } from './item.ts'

interface Needs {
  readonly copies: Copies
  readonly sync: Sync
  readonly call: Call
  readonly rows: RowMaker
  readonly platform: Pick<Platform, 'newId' | 'later' | 'random'>
  me(): string
  itemOf(chatId: string): Store<ChatItem | undefined>
  readonly ready: Promise<unknown>
}

/** One's chats, the first pages of them, and all that something happens in. */
export function chatList(needs: Needs): Chats & { reload(): Promise<void>; repair(): void; changed(): void } {
  const { copies, sync, call, rows, me, ready } = needs
  let status: ChatList['status'] = 'idle'
  let problem: Problem | undefined
  let cursor: string | undefined
  let pages = 1
  let more: Promise<void> | undefined
  const retry = retrying(needs.platform, () => void reload())

  const store = derived<ChatList>((before) => {
    const shown = [...copies.all()].flatMap(({ id, item }) => (item ? (needs.itemOf(id).get() ?? []) : []))
    const items = shown.sort((a, b) => activityOf(b) - activityOf(a) || (a.id < b.id ? 1 : -1))
    return {
      items: sameList(before?.items, items),
      status,
      problem,
      hasMore: cursor !== undefined,
      isLoadingMore: more !== undefined,
      unread: items.reduce((sum, { unread }) => sum + unread, 0),
    }
  })

  async function page(): Promise<void> {
    await ready
    const done = copies.record()
    try {
      const answer = await call<{ items: WireChat[]; next: string | null }>('listChats', { query: { cursor, limit: limits.page_size } })
      for (const chat of answer.items) sync.adopt(chat)
      cursor = answer.next ?? undefined
    } finally {
      done()
    }
  }

  async function reload(): Promise<void> {
    if (status === 'loading') return
    if (status !== 'ready') status = 'loading'
    cursor = undefined
    store.changed()
    try {
      for (let n = 0; n < pages && (n === 0 || cursor !== undefined); n++) await page()
      status = 'ready'
      problem = undefined
      retry.worked()
    } catch (error) {
      if (isWorthRetrying(error)) retry.failed()
      if (status !== 'ready') status = 'failed'
      problem = isProblem(error) ? error.problem : undefined
    }
    store.changed()
  }

  async function loadMore(): Promise<void> {
    if (cursor === undefined) return
    try {
      await page()
      pages++
    } finally {
      more = undefined
      store.changed()
    }
  }

  const make = async (body: object, signal: AbortSignal | undefined): Promise<ChatItem> => {
    await ready
    const { id } = sync.adopt(await call<WireChat>('createChat', { body, signal }))
    return needs.itemOf(id).get()!
  }

  const show = (chat: WireChat) => showItem(itemOf(chat, me()), { me: me(), typing: [], pending: [], rows })!

  return {
    get: store.get,
    subscribe: store.subscribe,
    changed: store.changed,
    reload,
    repair: () => void (status === 'failed' && reload()),
    loadMore({ signal } = {}) {
      more ??= loadMore()
      queueMicrotask(store.changed)
      return abortable(more, signal)
    },
    async find(query, { signal, ...rest } = {}) {
      return readPage(await call<{ items: WireChat[]; next: string | null }>('listChats', { query: { query, ...rest }, signal }), show)
    },
    load: async (chatId, { signal } = {}) => show(await call<WireChat>('getChat', { params: { chat_id: chatId }, signal })),
    openPrivate: (userId, { signal } = {}) => make({ kind: 'private', user_id: userId }, signal),
    createGroup({ name, memberIds = [] }, { signal } = {}) {
      return make({ kind: 'group', name, member_ids: memberIds, client_chat_id: needs.platform.newId() }, signal)
    },
  }
}

import { PAGE_MAX } from '../../adapters/wire/limits.ts'
import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import type { Call } from '../calls/call.ts'
import { readPage } from '../calls/pages.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { itemOf } from '../copy/item.ts'
import type { RowMaker } from '../outbox/rows.ts'
import { abortable } from '../platform/abort.ts'
import { retrying } from '../platform/backoff.ts'
import type { Platform } from '../platform/platform.ts'
import { derived, sameObject } from '../platform/store.ts'
import type { Problem } from '../problems.ts'
import type { Sync } from '../sync/sync.ts'
import type { ChatItem, ChatList, Chats, Store } from '../types.ts'
import { inOrder, showItem } from './item.ts'
import { sortedList } from './sorted-list.ts'

interface Needs {
  readonly copies: Copies
  readonly sync: Sync
  readonly call: Call
  readonly rows: RowMaker
  readonly platform: Pick<Platform, 'newId' | 'later' | 'random'>
  itemOf(chatId: string): Store<ChatItem | undefined>
  readonly ready: Promise<unknown>
}

export interface LoadedList {
  readonly store: Store<ChatList>
  reload(): Promise<void>
  /** Loads again what has failed. */
  repair(): void
  /** The item of this chat has changed. */
  changed(copy: Copy): void
  loadMore(): Promise<void>
}

type ChatPage = { readonly items: WireChat[]; readonly next: string | null }

const listedIn = (isArchive: boolean, item: ChatItem | undefined): ChatItem | undefined =>
  item && item.isArchived === isArchive && !item.isHidden ? item : undefined

/** The first pages of the user's chats, archived or not, and all that something happens in. */
function loadedList({ copies, sync, call, ready, itemOf: itemStore, platform }: Needs, isArchive: boolean): LoadedList {
  const list = sortedList(inOrder)
  const shown = (id: string) => listedIn(isArchive, itemStore(id).get())
  const stale = new Set<Copy>()
  let status: ChatList['status'] = 'idle'
  let problem: Problem | undefined
  let cursor: string | undefined
  let pages = 1
  let more: Promise<void> | undefined
  const retry = retrying(platform, () => void reload())

  const store = derived<ChatList>((before) => {
    const items = list.update([...stale].map(({ id, item }) => [id, item && shown(id)]))
    stale.clear()
    const sum = (count: 'unread' | 'unreadMentions') =>
      items === before?.items ? before[count] : items.reduce((all, item) => all + item[count], 0)
    const counts = { unread: sum('unread'), unreadMentions: sum('unreadMentions') }
    return sameObject(before, { items, status, problem, hasMore: cursor !== undefined, isLoadingMore: more !== undefined, ...counts })
  })

  async function page(): Promise<void> {
    await ready
    const done = copies.record()
    try {
      const answer = await call<ChatPage>('listChats', { query: { cursor, limit: PAGE_MAX, archived: isArchive || undefined } })
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

  return {
    store,
    reload,
    repair: () => void (status === 'failed' && reload()),
    changed(copy) {
      stale.add(copy)
      store.changed()
    },
    loadMore() {
      more ??= (
        isArchive && status === 'idle' ? reload() : cursor === undefined ? Promise.resolve() : page().then(() => void pages++)
      ).finally(() => {
        more = undefined
        store.changed()
      })
      store.changed()
      return more
    },
  }
}

export function chatList(needs: Needs): Chats & Pick<LoadedList, 'reload' | 'repair' | 'changed'> {
  const { sync, call, rows, ready, platform } = needs
  const { store, loadMore, ...current } = loadedList(needs, false)
  const archive = loadedList(needs, true)

  const make = async (body: object, signal: AbortSignal | undefined): Promise<ChatItem> => {
    await ready
    const { id } = sync.adopt(await call<WireChat>('createChat', { body, signal }))
    return needs.itemOf(id).get()!
  }
  const show = (chat: WireChat) => showItem(itemOf(chat), { typing: [], pending: [], rows })

  return {
    ...store,
    async reload() {
      await Promise.all([current.reload(), archive.store.get().status === 'idle' || archive.reload()])
    },
    repair() {
      current.repair()
      archive.repair()
    },
    changed(copy) {
      current.changed(copy)
      archive.changed(copy)
    },
    loadMore: ({ signal } = {}) => abortable(loadMore(), signal),
    archived: { ...archive.store, loadMore: ({ signal } = {}) => abortable(archive.loadMore(), signal) },
    async find(query, { signal, ...rest } = {}) {
      return readPage(await call<ChatPage>('listChats', { query: { query, ...rest }, signal }), show)
    },
    load: async (chatId, { signal } = {}) => show(await call<WireChat>('getChat', { params: { chat_id: chatId }, signal })),
    openPrivate: (userId, { signal } = {}) => make({ kind: 'private', user_id: userId }, signal),
    createGroup({ name, memberIds = [] }, { signal } = {}) {
      return make({ kind: 'group', name, member_ids: memberIds, client_chat_id: platform.newId() }, signal)
    },
  }
}

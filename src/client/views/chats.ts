import { PAGE_MAX } from '../../adapters/wire/limits.ts'
import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import type { Call, Request } from '../calls/call.ts'
import { readPage } from '../calls/pages.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import { type Copies, type Copy, isLost } from '../copy/copies.ts'
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

function countsOf(items: readonly ChatItem[], before: ChatList | undefined): Pick<ChatList, 'unread' | 'unreadMentions'> {
  const sum = (count: 'unread' | 'unreadMentions') =>
    items === before?.items ? before[count] : items.reduce((all, item) => all + item[count], 0)
  return { unread: sum('unread'), unreadMentions: sum('unreadMentions') }
}

/** Asks for a page, and adopts its chats but those that were lost meanwhile. Returns the cursor of the next one. */
async function adoptedPage({ copies, sync, call, ready }: Needs, query: Request['query'] & {}): Promise<string | undefined> {
  await ready
  const done = copies.record()
  try {
    const { items, next } = await call<ChatPage>('listChats', { query })
    for (const chat of items) if (!isLost(copies.at(chat.id))) sync.adopt(chat)
    return next ?? undefined
  } finally {
    done()
  }
}

/** A chat that began after the list was answered, and before the connection was resumed, is known by its number alone. */
const isUnlisted = ({ cursor, item, isHidden }: Copy): boolean => cursor !== undefined && !item && !isHidden

/** With each connection the list is in doubt; it is looked at as soon as nothing is being loaded. Chats of later pages are unlisted for long. */
function repairing(copies: Copies, status: () => ChatList['status'], reload: () => void): { look(): void; repair(): void } {
  let isDoubtful = false
  let unlisted: ReadonlySet<Copy> = new Set()
  function look(): void {
    const now = status()
    if (!isDoubtful || now === 'loading') return
    isDoubtful = false
    const before = unlisted
    unlisted = new Set([...copies.all()].filter(isUnlisted))
    if (now === 'failed' || (now === 'ready' && [...unlisted].some((copy) => !before.has(copy)))) reload()
  }
  return {
    look,
    repair() {
      isDoubtful = true
      look()
    },
  }
}

/** The first pages of the user's chats, archived or not, and all that something happens in. */
function loadedList(needs: Needs, isArchive: boolean): LoadedList {
  const { copies, itemOf: itemStore, platform } = needs
  const list = sortedList(inOrder)
  const shown = (id: string) => listedIn(isArchive, itemStore(id).get())
  const stale = new Set<Copy>()
  let status: ChatList['status'] = 'idle'
  let problem: Problem | undefined
  let cursor: string | undefined
  let pages = 1
  let more: Promise<void> | undefined
  const retry = retrying(platform, () => void reload())
  const { look, repair } = repairing(
    copies,
    () => status,
    () => void reload(),
  )

  const store = derived<ChatList>((before) => {
    const items = list.update([...stale].map(({ id, item }) => [id, item && shown(id)]))
    stale.clear()
    const state = { items, status, problem, hasMore: cursor !== undefined, isLoadingMore: more !== undefined }
    return sameObject(before, { ...state, ...countsOf(items, before) })
  })

  async function page(): Promise<void> {
    cursor = await adoptedPage(needs, { cursor, limit: PAGE_MAX, archived: isArchive || undefined })
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
    look()
  }

  return {
    store,
    reload,
    repair,
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

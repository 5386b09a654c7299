import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Call } from '../calls/http.ts'
import { readPage } from '../calls/pages.ts'
import { isPassing } from '../calls/problem.ts'
import { millis, readMessage, readPerson, showMessage } from '../calls/read-wire.ts'
import type { Copies, Copy } from '../copy/copies.ts'
import { readUpTo } from '../copy/item.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { RowMaker } from '../outbox/rows.ts'
import { abortable } from '../platform/abort.ts'
import type { Platform } from '../platform/platform.ts'
import { derived } from '../platform/store.ts'
import type { Ask, Line } from '../socket/line.ts'
import type { Sync } from '../socket/sync.ts'
import type { CallOptions, Chat, ChatItem, Reader } from '../types.ts'
import { showItem } from './item.ts'
import { memberList } from './members.ts'
import { typingTeller } from './typing.ts'
import { timelineWindow } from './window.ts'

/** A chat, and what the client does with it of its own accord. */
export interface OpenChat {
  readonly chat: Chat
  /** There is a connection, a new one. */
  online(): void
}

interface Needs {
  readonly copies: Copies
  readonly sync: Sync
  readonly outbox: Outbox
  readonly call: Call
  readonly ask: Ask
  readonly tell: Line['tell']
  readonly platform: Platform
  readonly rows: RowMaker
  me(): string
  isUp(): boolean
  /** Resolves when it is known who one is. */
  readonly ready: Promise<unknown>
  present(userIds: readonly string[]): void
}

export function openChat(copy: Copy, needs: Needs): OpenChat {
  const { id } = copy
  const { copies, sync, outbox, call, ask, tell, platform, rows, me, isUp } = needs
  const params = { chat_id: id }
  const pending = () => outbox.inChat(id)
  let viewers = 0
  let isClosing = false
  let wantedRead = 0
  let toldRead = 0
  let isTellingRead = false
  let knowing: Promise<unknown> | undefined

  /** The chat, asked for once at a time. */
  const known = (): Promise<unknown> => {
    if (copy.item && copy.cursor) return Promise.resolve()
    knowing ??= needs.ready
      .then(() => sync.refresh(id))
      .finally(() => {
        knowing = undefined
      })
    return knowing
  }

  const item = derived<ChatItem | undefined>(
    () => copy.item && showItem(copy.item, { me: me(), typing: copy.typing, pending: pending(), rows }),
  )
  const typing = derived(() => copy.typing)
  const window = timelineWindow({ copy, copies, call, rows, pending, known, platform })
  const members = memberList({ copy, copies, call, me, known, remark: () => sync.remark(copy) })
  const typist = typingTeller(platform, (active) => isUp() && tell('typing', { chat_id: id, active }))

  copy.watchers.add((aspect) => {
    if (aspect === 'item') {
      item.changed()
      if (!copy.item) viewers = 0
      if (!copy.cursor) wantedRead = toldRead = 0
    } else if (aspect === 'timeline') {
      window.changed()
      if (viewers > 0 && copy.timeline.spans.length === 0) queueMicrotask(window.repair)
    } else if (aspect === 'members') members.changed()
    else typing.changed()
  })

  async function join(): Promise<void> {
    if (viewers === 0 || !isUp()) return
    const joined = await ask('join_chat', { chat_id: id })
    for (const { user_id, read_seq } of joined.readers)
      if (user_id !== me()) copy.marks.set(user_id, Math.max(read_seq, copy.marks.get(user_id) ?? 0))
    copy.typing = joined.typing
    needs.present(joined.online)
    sync.remark(copy)
    copies.touch(copy, 'typing', 'members', 'item')
  }

  /** One mark at a time, the furthest; what could not be told waits for the next connection. */
  async function tellRead(): Promise<void> {
    if (isTellingRead || !isUp() || !copy.item) return
    isTellingRead = true
    try {
      while (wantedRead > toldRead) {
        const seq = wantedRead
        await ask('mark_read', { chat_id: id, seq })
        toldRead = seq
      }
    } catch (error) {
      if (!isPassing(error)) toldRead = wantedRead
    } finally {
      isTellingRead = false
    }
  }

  const change = async (work: Promise<unknown>) => void (await work)
  const show = (at: 'latest' | 'unread' | number, { signal }: CallOptions = {}) => abortable(window.show(at), signal)

  async function message(messageId: string, { signal }: CallOptions = {}) {
    const found = copy.timeline.state.messages.get(messageId as never)
    if (found) return showMessage(found)
    return showMessage(readMessage(await call<WireMessage>('getMessage', { params: { ...params, message_id: messageId }, signal })))
  }

  const chat: Chat = {
    id,
    item,
    timeline: window.store,
    members: members.store,
    typing,
    open({ at = 'latest' } = {}) {
      viewers++
      const isFirst = viewers === 1
      isClosing = false
      known()
        .then(() => isFirst && window.divide())
        .catch(() => {})
        .finally(() => void window.show(at).catch(() => {}))
      if (isFirst) join().catch(() => {})
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        viewers = Math.max(0, viewers - 1)
        if (viewers > 0 || isClosing) return
        isClosing = true
        // Whoever looks again in the same breath, as frameworks do, finds everything as it was.
        queueMicrotask(() => {
          if (!isClosing || viewers > 0) return
          isClosing = false
          typist.set(false)
          if (isUp() && copy.item) tell('leave_chat', { chat_id: id })
          copy.typing = []
          window.rest()
          copies.touch(copy, 'typing', 'item')
        })
      }
    },
    loadOlder: ({ signal } = {}) => abortable(window.loadOlder(), signal),
    loadNewer: ({ signal } = {}) => abortable(window.loadNewer(), signal),
    jumpTo: show,
    async jumpToMessage(messageId, options = {}) {
      const { seq } = await message(messageId, options)
      await show(seq, options)
    },
    jumpToUnread: (options) => show('unread', options),
    jumpToLatest: (options) => show('latest', options),
    message,
    send(text, { replyTo, key } = {}) {
      typist.sent()
      return outbox.add({ chatId: id, text, replyTo, key })
    },
    pending: (key) => outbox.find(id, key)?.handle,
    edit: (messageId, text, { version, signal } = {}) =>
      change(
        isUp()
          ? ask('edit_message', { ...params, message_id: messageId, text, version }, { signal })
          : call('editMessage', { params: { ...params, message_id: messageId }, body: { text, version }, signal }),
      ),
    remove: (messageId, { signal } = {}) =>
      change(
        isUp()
          ? ask('delete_message', { ...params, message_id: messageId }, { signal })
          : call('deleteMessage', { params: { ...params, message_id: messageId }, signal }),
      ),
    markRead(seq) {
      if (!copy.item) return
      const to = Math.min(seq ?? copy.timeline.head, copy.timeline.head)
      if (!readUpTo(copy.item, to)) return
      sync.recount(copy)
      copies.touch(copy, 'item')
      wantedRead = to
      void tellRead()
    },
    setTyping: (isActive) => typist.set(isActive),
    async readersOf(messageId, { signal, ...query } = {}) {
      return readPage(await call('listReaders', { params: { ...params, message_id: messageId }, query, signal }), readReader)
    },
    async search(query, { signal, senderId, ...rest } = {}) {
      const given = { query, chat_id: id, sender_id: senderId, ...rest }
      return readPage(await call('searchMessages', { query: given, signal }), (found: WireMessage) => showMessage(readMessage(found)))
    },
    loadMembers: (options) => members.load(options),
    addMembers: (userIds, { signal } = {}) => change(call('addMembers', { params, body: { user_ids: userIds }, signal })),
    removeMember: (userId, { signal } = {}) => change(call('removeMember', { params: { ...params, user_id: userId }, signal })),
    changeRole: (userId, role, { signal } = {}) =>
      change(call('changeRole', { params: { ...params, user_id: userId }, body: { role }, signal })),
    rename: (name, { signal } = {}) => change(call('renameChat', { params, body: { name }, signal })),
    async leave({ signal } = {}) {
      const isPrivate = copy.item?.state.chat?.kind === 'private'
      await call('removeMember', { params: { ...params, user_id: 'me' }, signal })
      if (isPrivate && copy.item) sync.hide(copy)
    },
    delete: ({ signal } = {}) => change(call('deleteChat', { params, signal })),
  }

  return {
    chat,
    online() {
      join().catch(() => {})
      void tellRead()
      if (viewers === 0) return
      window.repair()
      members.repair()
    },
  }
}

const readReader = ({ user, read_at }: { user: Parameters<typeof readPerson>[0]; read_at: string }): Reader => ({
  person: readPerson(user),
  readAt: millis(read_at),
})

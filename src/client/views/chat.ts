import type { Call } from '../calls/call.ts'
import { type Copies, type Copy, peopleOf } from '../copy/copies.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { RowMaker } from '../outbox/rows.ts'
import { abortable } from '../platform/abort.ts'
import type { Platform } from '../platform/platform.ts'
import { derived } from '../platform/store.ts'
import type { Request, Send } from '../socket/requests.ts'
import { remark } from '../sync/reading.ts'
import type { Sync } from '../sync/sync.ts'
import type { CallOptions, Chat, ChatItem } from '../types.ts'
import { chatActions } from './actions.ts'
import { showItem } from './item.ts'
import { memberList } from './members.ts'
import { pinList } from './pins.ts'
import { reactions } from './reactions.ts'
import { readMarker } from './read-marker.ts'
import { screen } from './screen.ts'
import { settling } from './settling.ts'
import { typingSender } from './typing.ts'
import { timelineWindow } from './window/window.ts'

/** A chat, and what the client does with it by itself. */
export interface OpenChat {
  readonly chat: Chat
  /** There is a new connection; `isLong`: after a long time without. */
  online(isLong: boolean): void
  /** The people whose presence it hears of: none unless it is on screen. */
  watched(): readonly string[]
}

export interface ChatNeeds {
  readonly copies: Copies
  readonly sync: Sync
  readonly outbox: Outbox
  readonly call: Call
  readonly request: Request
  readonly send: Send
  readonly platform: Platform
  readonly rows: RowMaker
  me(): string
  isUp(): boolean
  /** Resolves when the user is known. */
  readonly ready: Promise<unknown>
  present(userIds: readonly string[]): void
  /** These are on no screen through this chat any more. */
  absent(userIds: readonly string[]): void
}

export function openChat(copy: Copy, needs: ChatNeeds): OpenChat {
  const parts = chatParts(copy, needs)
  const { item, typing, window, members, marker, viewers, typist, actions, pins } = parts
  const { id } = copy
  const show = (at: 'latest' | 'unread' | number, { signal }: CallOptions = {}) => abortable(window.show(at), signal)
  watch(copy, parts)

  const { removeReactions, ...others } = actions
  const chat: Chat = {
    ...others,
    addReaction: (messageId, emoji) => parts.react(messageId, emoji, true),
    removeReaction: (messageId, emoji, { everyone, ...options } = {}) =>
      everyone ? removeReactions(messageId, emoji, options) : parts.react(messageId, emoji, false),
    id,
    item,
    timeline: window.store,
    members: members.store,
    typing,
    open: viewers.open,
    loadOlder: ({ signal } = {}) => abortable(window.loadOlder(), signal),
    loadNewer: ({ signal } = {}) => abortable(window.loadNewer(), signal),
    jumpTo: show,
    async jumpToMessage(messageId, options = {}) {
      const { seq } = await actions.message(messageId, options)
      await show(seq, options)
    },
    jumpToUnread: (options) => show('unread', options),
    jumpToLatest: (options) => show('latest', options),
    send(text, options = {}) {
      typist.sent()
      return needs.outbox.add({ chatId: id, text, options })
    },
    forward: (forward, options = {}) => needs.outbox.add({ chatId: id, text: '', options, forward }),
    pending: (key) => needs.outbox.find(id, key)?.handle,
    markRead: marker.mark,
    setTyping: (isActive) => typist.set(isActive),
    loadMembers: members.load,
    pins: pins.store,
    loadPins: pins.load,
  }

  return {
    chat,
    watched: () => (viewers.isOn() ? peopleOf(copy) : []),
    online(isLong) {
      if (isLong) members.outdate()
      viewers.join()
      marker.flush()
      if (!viewers.isOn()) return
      window.repair()
      members.repair()
      pins.renew()
    },
  }
}

type Parts = ReturnType<typeof chatParts>

function chatParts(copy: Copy, needs: ChatNeeds) {
  const { id } = copy
  const { copies, sync, outbox, send, platform, rows, isUp } = needs
  const pending = () => outbox.inChat(id)
  const known = knownOnce(copy, needs)
  const shared = {
    ...needs,
    copy,
    known,
    pending,
    remark: () => remark(copies, copy),
    recount: sync.recount,
    hide: sync.hide,
  }
  const window = timelineWindow(shared)
  const typist = typingSender(platform, (active) => isUp() && send('typing', { chat_id: id, active }))

  return {
    item: derived<ChatItem | undefined>(() => copy.item && showItem(copy.item, { typing: copy.typing, pending: pending(), rows })),
    typing: derived(() => copy.typing),
    window,
    members: memberList(shared),
    pins: pinList(shared),
    react: reactions({ ...shared, settle: settling(shared) }),
    marker: readMarker(shared),
    typist,
    actions: chatActions(shared),
    viewers: screen({
      ...shared,
      later: platform.later,
      opened: () => window.divide(),
      show: (at = 'latest') => void window.show(at).catch(() => {}),
      closed() {
        typist.set(false)
        window.rest()
        needs.absent(peopleOf(copy))
      },
    }),
  }
}

/** Makes sure that the chat is known; it is asked for once at a time. */
function knownOnce(copy: Copy, { ready, sync }: Pick<ChatNeeds, 'ready' | 'sync'>): () => Promise<unknown> {
  let asking: Promise<unknown> | undefined
  return () => {
    if (copy.item && copy.cursor) return Promise.resolve()
    asking ??= ready.then(() => sync.refresh(copy.id)).finally(() => void (asking = undefined))
    return asking
  }
}

/** Hands changes of the copy on to what is made of it. */
function watch(copy: Copy, { item, typing, window, members, marker, viewers, pins }: Parts): void {
  let wasKnown = copy.item !== undefined
  const isShown = () => viewers.isOn() && copy.item !== undefined
  const changed = {
    item() {
      item.changed()
      members.changed()
      if (!copy.cursor) marker.clear()
      // A chat that has become the user's again while it is on screen.
      if (isShown() && !wasKnown) viewers.join()
      wasKnown = copy.item !== undefined
    },
    timeline() {
      window.changed()
      pins.changed()
      if (isShown() && copy.timeline.spans.length === 0) queueMicrotask(window.repair)
    },
    members() {
      members.changed()
      if (isShown()) queueMicrotask(members.repair)
    },
    typing() {
      typing.changed()
      viewers.typed()
    },
    pins: pins.renew,
  }
  copy.watchers.add((aspect) => changed[aspect]())
}

import type { FrameInput, ResultOf } from '../../adapters/wire/frames.ts'
import { limits } from '../../adapters/wire/limits.ts'
import type { Chat as WireChat } from '../../adapters/wire/schemas/chats.ts'
import type { Event, EventPage } from '../../adapters/wire/schemas/events.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { joinersOf, leaverOf } from '../../domain/kinds/kinds.ts'
import type { Message } from '../../domain/message.ts'
import type { Call } from '../calls/http.ts'
import { isProblem, isWorthRetrying } from '../calls/problem.ts'
import { readEvent, showMessage } from '../calls/read-wire.ts'
import { type Copies, type Copy, countUnread, RECORDED, recordedAbove, startOver } from '../copy/copies.ts'
import { itemOf, pass, readByOthers, readUpTo } from '../copy/item.ts'
import { apply, closeHole, forgetBelow, leave, type Span } from '../copy/timeline.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { Emit } from '../platform/events.ts'
import type { Platform } from '../platform/platform.ts'
import type { Told } from './connection.ts'
import { cursorAt, isBehind, leap, learn, receive, skip } from './cursor.ts'
import type { Ask } from './line.ts'

interface Needs {
  readonly copies: Copies
  readonly call: Call
  readonly ask: Ask
  readonly platform: Pick<Platform, 'later' | 'random'>
  readonly emit: Emit
  me(): string
  /** One's own message is in the log. */
  arrived(message: Message): void
  gone(chatId: string): void
  /** All that was known is too old. */
  allReset(): void
}

/** A hole that is larger is not worth closing: what lies before it is forgotten. */
const HOLE = 1_000
/** A hole is tried so often, for about five minutes. */
const MENDS = 12
const REFRESH_AFTER = 300

export interface Sync {
  resumeFrom(): Omit<FrameInput<'resume'>, 'type' | 'ref'>
  resumed(result: ResultOf<'resume'>): void
  heard(frame: Told): void
  /** Looks for what is missing; to be called when the connection is up. */
  catchUpAll(): void
  adopt(chat: WireChat): Copy
  /** Asks for a chat and adopts it. Rejects with `chat-not-found`. */
  refresh(id: string, signal?: AbortSignal): Promise<Copy>
  remark(copy: Copy): void
  recount(copy: Copy): void
  /** One has left a private chat: nothing tells so but the answer. */
  hide(copy: Copy): void
}

/** Keeps copies of chats level with the service: every client's rule, and what to do where it breaks. */
export function sync(needs: Needs): Sync {
  const { copies, call, ask, platform, emit, me } = needs
  const soon = new Set<string>()
  let epoch: string | undefined

  function hear(event: Event): void {
    const copy = copies.at(event.chat_id)
    if (!copy.cursor) startOver(copy, event.seq - 1)
    applyAll(copy, receive(copy.cursor!, event))
  }

  function applyAll(copy: Copy, events: readonly Event[]): void {
    for (const event of events) applyOne(copy, event)
    if (copy.cursor && isBehind(copy.cursor)) void catchUp(copy)
  }

  function applyOne(copy: Copy, wire: Event): void {
    const event = readEvent(wire)
    const { seq } = wire
    if (copies.isRecording() && copy.recorded.length <= RECORDED) copy.recorded.push({ seq, event })
    if (copy.item) passItem(copy, seq, event)
    else {
      copy.isHidden &&= event?.type !== 'message.sent'
      if (!copy.isHidden) refreshSoon(copy)
    }
    apply(copy.timeline, seq, event)
    if (event) consequences(copy, event)
    copies.touch(copy, 'item', 'timeline')
  }

  function passItem({ item, timeline, id }: Copy, seq: number, event: ChatEvent | undefined): void {
    if (!item?.state.chat) return
    if (!event) item.state.chat = { ...item.state.chat, headSeq: Math.max(item.state.chat.headSeq, seq) }
    else if (!pass(item, event, me(), (messageId) => timeline.state.messages.get(messageId))) refreshSoon(copies.at(id))
  }

  function consequences(copy: Copy, event: ChatEvent): void {
    const leaver = leaverOf(event)
    const joiners = joinersOf(event)
    if (event.type === 'message.sent') {
      const { message } = event
      const isMine = message.sender.id === me()
      if (isMine) needs.arrived(message)
      if (copy.typing.includes(message.sender.id)) {
        copy.typing = copy.typing.filter((id) => id !== message.sender.id)
        copies.touch(copy, 'typing')
      }
      emit('message', { chatId: copy.id, message: showMessage(message), isMine })
    }
    for (const id of joiners) if (id !== me()) copy.marks.set(id, event.seq)
    if (leaver !== undefined) copy.marks.delete(leaver)
    if (joiners.includes(me() as never)) {
      emit('joined', { chatId: copy.id })
      refreshSoon(copy)
    }
    if (leaver !== undefined || joiners.length > 0 || event.type === 'member.role_changed' || event.type === 'author.erased') {
      remark(copy)
      copies.touch(copy, 'members')
    }
  }

  /** Reads from `last` until nothing is missing. */
  async function catchUp(copy: Copy): Promise<void> {
    if (copy.isFetching) return
    copy.isFetching = true
    try {
      for (let before = -1; copy.cursor && isBehind(copy.cursor) && copy.cursor.last > before; ) {
        const { cursor, generation } = copy
        before = cursor.last
        const { events, head } = await ask('fetch', { chat_id: copy.id, after: before })
        if (copy.generation !== generation || copy.cursor !== cursor) break
        learn(cursor, head)
        const first = events[0]
        const ready = first && first.seq > before + 1 && cursor.last === before ? skip(cursor, before + 1, first.seq - 1) : []
        for (const event of [...ready, ...events.flatMap((one) => receive(cursor, one))]) applyOne(copy, event)
      }
    } catch (error) {
      if (isProblem(error) && error.code === 'chat-not-found') gone(copy.id, 'not-found')
      // Else the connection is gone; the next one goes on from here.
    } finally {
      copy.isFetching = false
    }
  }

  /** Numbers up to `to` are not told. What was there before them is mended, or forgotten. */
  function jump(copy: Copy, from: number, to: number): void {
    const { cursor, timeline } = copy
    if (!cursor) return startOver(copy, to)
    if (to <= cursor.last) return
    const hadWindow = timeline.spans.length > 0
    copy.generation++
    leave(timeline, to)
    for (const event of leap(cursor, to)) applyOne(copy, event)
    refreshSoon(copy)
    if (hadWindow) {
      emit('refetched', { chatId: copy.id, reason: 'limited' })
      void mend(copy, { from, to })
    }
  }

  /** Reads what was left out; what was known before it is too old without. */
  async function mend(copy: Copy, hole: Span, attempt = 1): Promise<void> {
    const { generation, timeline } = copy
    let isMended = false
    try {
      const events = hole.to - hole.from < HOLE ? await left(copy.id, hole) : undefined
      if (copy.generation !== generation) return
      if (events) closeHole(timeline, hole, events)
      isMended = events !== undefined
    } catch (error) {
      if (copy.generation !== generation) return
      if (isWorthRetrying(error) && attempt < MENDS) {
        platform.later(fullJitter(attempt, platform.random), () => copy.generation === generation && void mend(copy, hole, attempt + 1))
        return
      }
    }
    if (!isMended) forgetBelow(timeline, hole.to + 1)
    copies.touch(copy, 'timeline')
  }

  async function left(id: string, { from, to }: Span): Promise<ChatEvent[]> {
    const events: ChatEvent[] = []
    for (let after = from - 1; after < to; ) {
      const page = await call<EventPage>('listEvents', { params: { chat_id: id }, query: { after, limit: limits.page_size } })
      if (page.items.length === 0) break
      events.push(...page.items.flatMap((item) => readEvent(item) ?? []))
      after = page.items.at(-1)!.seq
    }
    return events.filter(({ seq }) => seq <= to)
  }

  /** What is shown of the chat stays until it is known anew; nothing that comes is held against it. */
  function reset(copy: Copy): void {
    startOver(copy, undefined)
    const { item } = copy
    if (item?.state.chat) {
      item.state.chat = { ...item.state.chat, headSeq: 0 }
      item.readSeq = 0
      item.readByOthers = undefined
    }
    copies.touch(copy, 'timeline', 'item')
  }

  function gone(chatId: string, reason: 'left' | 'removed' | 'deleted' | 'not-found'): void {
    const copy = copies.find(chatId)
    if (copy) {
      reset(copy)
      copy.item = undefined
      copy.typing = []
      copies.touch(copy, 'item', 'timeline', 'members', 'typing')
    }
    needs.gone(chatId)
    emit('gone', { chatId, reason })
  }

  function hide(copy: Copy): void {
    copy.item = undefined
    copy.isHidden = true
    copies.touch(copy, 'item', 'timeline', 'members')
    emit('gone', { chatId: copy.id, reason: 'hidden' })
  }

  /** How far all others have read, where all of them are known. */
  function remark(copy: Copy): void {
    const { item, marks } = copy
    if (!item?.state.chat) return
    const others = item.state.chat.memberCount - 1
    if (others > 0 && marks.size >= others) readByOthers(item, Math.min(...marks.values()))
    copies.touch(copy, 'timeline', 'item')
  }

  function hearReceipt(frame: Extract<Told, { type: 'receipt' }>): void {
    const copy = copies.find(frame.chat_id)
    const item = copy?.item
    if (!copy || !item) return
    if (frame.user_id === me()) {
      if (readUpTo(item, frame.read_seq)) recount(copy, frame.unread)
      return copies.touch(copy, 'item', 'timeline')
    }
    if (frame.user_id === null) {
      readByOthers(item, frame.read_seq)
      return copies.touch(copy, 'item', 'timeline')
    }
    copy.marks.set(frame.user_id, Math.max(frame.read_seq, copy.marks.get(frame.user_id) ?? 0))
    remark(copy)
    copies.touch(copy, 'members')
    const isAllKnown = copy.marks.size >= (item.state.chat?.memberCount ?? 0) - 1
    if (!isAllKnown && [...item.state.messages.values()].some((message) => message?.sender.id === me())) refreshSoon(copy)
  }

  /** After a mark has moved: exact where all that is unread is known here, else what was counted elsewhere until it is asked for. */
  function recount(copy: Copy, counted?: number | null): void {
    const { item, timeline } = copy
    if (!item?.state.chat) return
    const exact = item.readSeq >= timeline.head ? 0 : countUnread(copy, me())
    item.unread = exact ?? counted ?? item.unread
    if (exact === undefined || item.state.chat.headSeq > timeline.head) refreshSoon(copy, 1)
  }

  /** Once for many reasons to ask. */
  function refreshSoon({ id }: Copy, attempt = 0): void {
    if (soon.has(id)) return
    soon.add(id)
    platform.later(REFRESH_AFTER + (attempt && fullJitter(attempt, platform.random)), () => {
      soon.delete(id)
      refresh(id).catch((error: unknown) => {
        if (isProblem(error) && error.code === 'chat-not-found' && copies.find(id)?.item) gone(id, 'not-found')
        else if (isWorthRetrying(error)) refreshSoon(copies.at(id), attempt + 1)
      })
    })
  }

  async function refresh(id: string, signal?: AbortSignal): Promise<Copy> {
    const done = copies.record()
    try {
      return adopt(await call<WireChat>('getChat', { params: { chat_id: id }, signal }))
    } finally {
      done()
    }
  }

  function adopt(chat: WireChat): Copy {
    const copy = copies.at(chat.id)
    const before = copy.item
    const item = itemOf(chat, me())
    if (!copy.cursor) startOver(copy, chat.head_seq)
    copy.item = item
    copy.isHidden = false
    const since = recordedAbove(copy, chat.head_seq)
    if (!since) refreshSoon(copy)
    for (const { seq, event } of since ?? []) passItem(copy, seq, event)
    if (before && readUpTo(item, before.readSeq)) recount(copy, Math.min(before.unread, item.unread))
    if (before?.readByOthers !== undefined) readByOthers(item, before.readByOthers)
    remark(copy)
    copies.touch(copy, 'item', 'timeline')
    return copy
  }

  return {
    adopt,
    refresh,
    remark,
    recount,
    hide,
    resumeFrom() {
      const known = [...copies.all()].filter(({ cursor }) => cursor)
      const newest = known.sort((a, b) => activity(b) - activity(a)).slice(0, limits.resume_cursors)
      return { ...(epoch !== undefined && { epoch }), cursors: Object.fromEntries(newest.map(({ id, cursor }) => [id, cursor!.last])) }
    },
    resumed(result) {
      epoch = result.epoch
      for (const [id, head] of Object.entries(result.heads)) {
        const copy = copies.at(id)
        if (!copy.cursor) startOver(copy, head)
        else if (head - copy.cursor.last > HOLE) jump(copy, copy.cursor.last + 1, head)
        else learn(copy.cursor, head)
        const { item } = copy
        const reads = result.reads[id]
        if (!item || !reads) continue
        // What has been counted here is exact, unless another device has read.
        if (readUpTo(item, reads.read_seq)) recount(copy, reads.unread)
        if (reads.read_by_others_seq !== null) readByOthers(item, reads.read_by_others_seq)
        copies.touch(copy, 'item', 'timeline')
      }
    },
    catchUpAll() {
      for (const copy of copies.all()) if (copy.cursor && isBehind(copy.cursor)) void catchUp(copy)
    },
    heard(frame) {
      switch (frame.type) {
        case 'event':
          return hear(frame.event)
        case 'skip': {
          const copy = copies.at(frame.chat_id)
          copy.cursor ??= cursorAt(frame.to)
          const ready = skip(copy.cursor, frame.from, frame.to)
          apply(copy.timeline, Math.min(frame.to, copy.cursor.last), undefined)
          return applyAll(copy, ready)
        }
        case 'receipt':
          return hearReceipt(frame)
        case 'typing': {
          const copy = copies.find(frame.chat_id)
          if (!copy) return
          copy.typing = frame.user_ids
          return copies.touch(copy, 'typing', 'item')
        }
        case 'heads':
          for (const [id, head] of Object.entries(frame.heads)) {
            const copy = copies.at(id)
            if (!copy.cursor) startOver(copy, head)
            if (!copy.item && !copy.isHidden) refreshSoon(copy)
            learn(copy.cursor!, head)
            if (isBehind(copy.cursor!)) void catchUp(copy)
          }
          return
        case 'limited': {
          const copy = copies.at(frame.chat_id)
          jump(copy, frame.from, frame.to)
          for (const event of frame.newest) hear(event)
          return
        }
        case 'gap': {
          const copy = copies.find(frame.chat_id)
          if (!copy?.cursor) return
          learn(copy.cursor, frame.to)
          return void catchUp(copy)
        }
        case 'reset':
          epoch = frame.epoch
          if (frame.chat_id === null) for (const copy of copies.all()) reset(copy)
          else reset(copies.at(frame.chat_id))
          emit('refetched', { chatId: frame.chat_id ?? undefined, reason: frame.reason })
          if (frame.chat_id === null) needs.allReset()
          else refreshSoon(copies.at(frame.chat_id))
          return
        case 'chat_gone':
          return gone(frame.chat_id, frame.reason)
        case 'presence':
          return
      }
    },
  }
}

const activity = ({ item }: Copy): number => (item ? ([...item.state.messages.values()].at(-1)?.at ?? item.state.chat?.createdAt ?? 0) : 0)

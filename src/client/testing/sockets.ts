import type { ClientFrame, ServerFrame } from '../../adapters/wire/frames.ts'
import { limits } from '../../adapters/wire/limits.ts'
import { parseFrame } from '../../adapters/wire/parse-frame.ts'
import { presentTime } from '../../adapters/wire/present.ts'
import { problem, problemOf } from '../../adapters/wire/problems.ts'
import { type ChatEvent, joinersOf, leaverOf } from '../../domain/event.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller, Calls } from './calls.ts'
import type { FakeChat, World } from './world.ts'

/** What the service sees of one socket. */
export interface Peer {
  send(frame: ServerFrame): void
  close(code: number): void
}

interface Seat {
  readonly peer: Peer
  readonly id: string
  caller: Caller | undefined
  deviceId: string | undefined
  isResumed: boolean
  readonly positions: Map<ChatId, number>
  readonly onScreen: Set<ChatId>
  readonly muted: Set<ChatId>
  cancelExpiry: () => void
}

interface Needs {
  readonly world: World
  readonly calls: Calls
  now(): number
  later(ms: number, callback: () => void): () => void
  newId(): string
  whose(token: string): Caller & { readonly expiresAt: number }
  readonly heartbeatMs: number
  readonly missedInChat: number
  /** A refusal that a test has asked for. */
  planned(type: string): Refusal | undefined
}

/** The newest of what is limited, or of less where a test has a lower limit. */
const NEWEST = 50
const TYPING_FOR = 6_000

/** The service's end of all sockets. */
export function sockets({ world, calls, now, later, newId, whose, heartbeatMs, missedInChat, planned }: Needs) {
  const seats = new Set<Seat>()
  const newest = Math.min(NEWEST, Math.ceil(missedInChat / 2))
  const typists = new Map<ChatId, Map<UserId, () => void>>()
  const of = (userId: UserId) => [...seats].filter((seat) => seat.isResumed && seat.caller?.userId === userId)
  const seatsIn = (chatId: ChatId) =>
    [...seats].filter(({ isResumed, positions, muted }) => isResumed && positions.has(chatId) && !muted.has(chatId))

  world.tell((chat, events) => {
    for (const event of events) for (const seat of seats) if (seat.isResumed) pass(seat, chat, event)
    for (const event of events) if (event.type === 'message.sent') setTyping(chat.id, event.message.sender.id, false)
  })

  function pass(seat: Seat, chat: FakeChat, event: ChatEvent): void {
    const { userId } = seat.caller!
    const isLeaving = leaverOf(event) === userId
    if ((isLeaving || event.type === 'chat.deleted') && seat.positions.delete(chat.id)) {
      seat.onScreen.delete(chat.id)
      const reason = !isLeaving ? 'deleted' : event.type === 'member.left' ? 'left' : 'removed'
      return seat.peer.send({ type: 'chat_gone', chat_id: chat.id, reason })
    }
    if (joinersOf(event).includes(userId) && !seat.positions.has(chat.id)) seat.positions.set(chat.id, event.seq - 1)
    if (!seat.positions.has(chat.id) || seat.muted.has(chat.id)) return
    seat.positions.set(chat.id, event.seq)
    seat.peer.send({ type: 'event', event: world.showEvent(chat, event, userId) })
  }

  function setTyping(chatId: ChatId, userId: UserId, active: boolean): void {
    const typing = typists.get(chatId) ?? new Map<UserId, () => void>()
    typists.set(chatId, typing)
    typing.get(userId)?.()
    const was = typing.delete(userId)
    if (active)
      typing.set(
        userId,
        later(TYPING_FOR, () => setTyping(chatId, userId, false)),
      )
    if (was === active) return
    for (const seat of seatsIn(chatId)) {
      if (!seat.onScreen.has(chatId) || seat.caller!.userId === userId) continue
      seat.peer.send({ type: 'typing', chat_id: chatId, user_ids: [...typing.keys()].filter((id) => id !== seat.caller!.userId) })
    }
  }

  function tellPresence(userId: UserId, online: boolean): void {
    for (const chat of world.chatsOf(userId))
      for (const seat of seatsIn(chat.id))
        if (seat.onScreen.has(chat.id) && seat.caller!.userId !== userId)
          seat.peer.send({ type: 'presence', user_id: userId, online, last_seen_at: null })
  }

  function authorize(seat: Seat, token: string, deviceId: string | undefined) {
    const known = whose(token)
    if (seat.caller && seat.caller.userId !== known.userId) throw new Refusal('unauthenticated')
    seat.caller = { userId: known.userId, sessionId: known.sessionId }
    seat.deviceId = deviceId ?? seat.deviceId
    seat.cancelExpiry()
    seat.cancelExpiry = later(known.expiresAt - now(), () => {
      seat.peer.send({ type: 'error', ref: null, problem: problem(new Refusal('token-expired'), seat.id) })
      drop(seat, 4401)
    })
    if (deviceId !== undefined)
      for (const other of seats)
        if (other !== seat && other.caller?.userId === known.userId && other.deviceId === deviceId) drop(other, 4409)
    return { user_id: known.userId, session_id: known.sessionId, expires_at: presentTime(known.expiresAt) }
  }

  function resume(seat: Seat, { userId }: Caller, { epoch, cursors }: Extract<ClientFrame, { type: 'resume' }>) {
    if (seat.isResumed) throw new Refusal('already-resumed')
    const { send } = seat.peer
    const isSame = epoch === undefined || epoch === world.epoch
    if (!isSame) send({ type: 'reset', chat_id: null, epoch: world.epoch, reason: 'epoch' })
    const own = world.chatsOf(userId)
    for (const id of Object.keys(cursors))
      if (!own.some((chat) => chat.id === id)) send({ type: 'chat_gone', chat_id: id, reason: 'not-found' })
    for (const chat of own) {
      const head = chat.state.chat!.headSeq
      const cursor = (isSame ? cursors[chat.id] : undefined) ?? head
      if (cursor > head) send({ type: 'reset', chat_id: chat.id, epoch: world.epoch, reason: 'ahead' })
      const missed = world.eventsAfter(chat, cursor, Number.MAX_SAFE_INTEGER).map((event) => world.showEvent(chat, event, userId))
      if (missed.length > missedInChat)
        send({ type: 'limited', chat_id: chat.id, from: cursor + 1, to: head - newest, newest: missed.slice(-newest) })
      else for (const event of missed) send({ type: 'event', event })
      seat.positions.set(chat.id, head)
    }
    const isFirst = of(userId).length === 0
    seat.isResumed = true
    if (isFirst) tellPresence(userId, true)
    const reads = own.map((chat) => {
      const { me, read_by_others_seq, unread } = world.showChat(chat, userId)
      return [chat.id, { read_seq: me.read_seq, read_by_others_seq, unread }]
    })
    return { epoch: world.epoch, heads: Object.fromEntries(seat.positions), reads: Object.fromEntries(reads) }
  }

  function join(seat: Seat, { userId }: Caller, chatId: ChatId) {
    const chat = world.chatOf(userId, chatId)
    seat.onScreen.add(chatId)
    seat.muted.delete(chatId)
    const others = world.membersOf(chat).map(({ person }) => person.id)
    return {
      head: chat.state.chat!.headSeq,
      readers: [...chat.marks].map(([user_id, { readSeq }]) => ({ user_id, read_seq: readSeq })).slice(0, 100),
      online: others.filter((id) => id !== userId && of(id).length > 0),
      typing: [...(typists.get(chatId)?.keys() ?? [])].filter((id) => id !== userId),
    }
  }

  function carryOut(seat: Seat, frame: ClientFrame): object {
    const refusal = planned(frame.type)
    if (refusal) throw refusal
    if (frame.type === 'authorize') return authorize(seat, frame.token, frame.device_id)
    const { caller } = seat
    if (!caller) throw new Refusal('unauthenticated')
    switch (frame.type) {
      case 'resume':
        return resume(seat, caller, frame)
      case 'send_message':
        if (!('chat_id' in frame)) throw new Refusal('user-not-found', { userIds: [frame.user_id] })
        return calls.sendMessage(caller, frame.chat_id, frame)
      case 'edit_message':
        return { seq: calls.editMessage(caller, frame.chat_id, frame.message_id, frame).changedSeq }
      case 'delete_message':
        return { seq: calls.deleteMessage(caller, frame.chat_id, frame.message_id).changedSeq }
      case 'mark_read':
        return calls.markRead(caller, frame.chat_id, 'seq' in frame ? { seq: frame.seq } : { message_id: frame.message_id })
      case 'typing':
        world.chatOf(caller.userId, frame.chat_id)
        setTyping(frame.chat_id, caller.userId, frame.active)
        return {}
      case 'join_chat':
        return join(seat, caller, frame.chat_id)
      case 'leave_chat':
        world.chatOf(caller.userId, frame.chat_id)
        seat.onScreen.delete(frame.chat_id)
        if (frame.mute) seat.muted.add(frame.chat_id)
        return {}
      case 'fetch': {
        const chat = world.chatOf(caller.userId, frame.chat_id)
        const events = world.eventsAfter(chat, frame.after, frame.limit).map((event) => world.showEvent(chat, event, caller.userId))
        return { events, head: chat.state.chat!.headSeq }
      }
      case 'ping':
        return { heads: Object.fromEntries(seat.positions) }
    }
  }

  function hear(seat: Seat, text: string): void {
    if (!seats.has(seat)) return
    const parsed = parseFrame(text)
    if (parsed.wrong !== undefined) return seat.peer.send({ type: 'error', ref: parsed.ref, problem: problem(parsed.wrong, seat.id) })
    const { frame } = parsed
    const ref = frame.ref ?? null
    try {
      const result = carryOut(seat, frame)
      if (ref !== null) seat.peer.send({ type: 'ok', ref, result: result as Record<string, unknown> })
    } catch (error) {
      const told = problemOf(error, seat.id)
      seat.peer.send({ type: 'error', ref, problem: told })
      if (frame.type === 'authorize') drop(seat, 4401)
      if (told.code === 'internal') throw error
    }
  }

  function drop(seat: Seat, code: number): void {
    if (forget(seat)) seat.peer.close(code)
  }

  function forget(seat: Seat): boolean {
    if (!seats.delete(seat)) return false
    seat.cancelExpiry()
    const userId = seat.isResumed ? seat.caller?.userId : undefined
    if (userId !== undefined && of(userId).length === 0) tellPresence(userId, false)
    return true
  }

  function beat(seat: Seat): void {
    later(heartbeatMs, () => {
      if (!seats.has(seat)) return
      seat.peer.send({ type: 'heads', heads: Object.fromEntries(seat.positions) })
      beat(seat)
    })
  }

  return {
    /** A socket has opened. Answers what it says from now on, and its end. */
    open(peer: Peer): { hear(text: string): void; ended(): void } {
      const seat: Seat = {
        peer,
        id: newId(),
        caller: undefined,
        deviceId: undefined,
        isResumed: false,
        positions: new Map(),
        onScreen: new Set(),
        muted: new Set(),
        cancelExpiry: () => {},
      }
      seats.add(seat)
      const hello = { connection_id: seat.id, epoch: world.epoch, heartbeat_ms: heartbeatMs, server_time: presentTime(now()), limits }
      peer.send({ type: 'hello', ...hello, user_id: null })
      beat(seat)
      later(limits.authorize_ms, () => seat.caller ?? drop(seat, 4401))
      return { hear: (text) => hear(seat, text), ended: () => void forget(seat) }
    },
    marked(chat: FakeChat, userId: UserId, { readSeq, at }: { readSeq: number; at: number }): void {
      for (const seat of seatsIn(chat.id)) {
        const unread = seat.caller!.userId === userId ? world.unreadOf(chat, userId) : null
        seat.peer.send({ type: 'receipt', chat_id: chat.id, user_id: userId, read_seq: readSeq, at: presentTime(at), unread })
      }
    },
    setTyping,
    endSessions(ids: readonly SessionId[]): void {
      for (const seat of seats) if (seat.caller && ids.includes(seat.caller.sessionId)) drop(seat, 4403)
    },
    /** To one person's sockets, or to all. */
    say(frame: ServerFrame, userId?: string): void {
      for (const seat of seats) if (userId === undefined || seat.caller?.userId === userId) seat.peer.send(frame)
    },
    close(code: number, userId?: string): void {
      for (const seat of seats) if (userId === undefined || seat.caller?.userId === userId) drop(seat, code)
    },
  }
}

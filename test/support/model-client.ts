import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { type Entry, type WireEvent, whatOf } from './recording.ts'

export interface Frame extends Readonly<Record<string, unknown>> {
  readonly type: string
}
export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** The service said no, for good. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}
/** Nobody knows whether it happened. */
export class Unanswered extends Error {}

export interface ModelClientOptions {
  readonly user: string
  readonly token: string
  /** Where the service can be reached; any of them will do. */
  readonly urls: readonly string[]
  readonly record: (entry: Entry) => void
  readonly random?: () => number
  readonly deviceId?: string
  /** How long it waits for an answer, in ms. */
  readonly patience?: number
  /** Hears of every frame. */
  readonly onFrame?: (frame: Frame) => void
}

/** A client that keeps the five rules of the wire: applies the next event, ignores older ones, holds later ones and fetches what is missing. */
export interface ModelClient {
  readonly user: string
  readonly cursors: ReadonlyMap<string, number>
  /** Everything missed has come. */
  isLevel(): boolean
  /** How the last line ended. */
  lastClose(): number | undefined
  /** How often it has connected. */
  lines(): number
  /** Resolves when the line is there and level. */
  level(): Promise<void>
  /** One attempt on the line of this moment. Rejects with `Refused` or `Unanswered`. */
  command(frame: Frame): Promise<Record<string, unknown>>
  /** Tries until it is acknowledged, wherever somebody answers, over either transport. Undefined when it is refused for good. */
  send(chat: string, key: string, text: string, n: number, more?: object): Promise<{ id: string; seq: number } | undefined>
  /** A call below `/api/v1`, tried until somebody answers who does not say that they cannot. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Drops the line; it comes back by itself. */
  drop(): void
  /** Reads nothing any longer, and does not mind the silence; or reads again. */
  stall(isStalled: boolean): void
  stop(): Promise<void>
}

const PATIENCE = 4_000
const GONE_AFTER = 6_000
/** Who was sent away like this does not come back. */
const final = new Set([4401, 4403, 4409])
const passing = new Set(['overloaded', 'draining', 'internal', 'too-many-requests'])

export function modelClient(options: ModelClientOptions): ModelClient {
  const { user, token, urls, record, random = Math.random, deviceId, patience = PATIENCE, onFrame } = options
  const cursors = new Map<string, number>()
  const held = new Map<string, Map<number, WireEvent>>()
  const fetching = new Set<string>()
  const waiting = new Map<string, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>()
  let socket: WebSocket | undefined
  let line = 0
  let isLevel = false
  let isOver = false
  let refs = 0
  let closed: number | undefined
  let heardAt = 0
  let isStalled = false
  /** The last event that came on this line, of each chat. */
  let last = new Map<string, number>()
  const anyUrl = () => urls[Math.floor(random() * urls.length)]!

  function apply(event: WireEvent, isFirst: boolean): void {
    cursors.set(event.chat_id, event.seq)
    record({ type: 'applied', by: user, chat: event.chat_id, seq: event.seq, what: whatOf(event), isFirst })
  }

  function take(event: WireEvent): void {
    const { chat_id: chat, seq } = event
    const cursor = cursors.get(chat)
    if (cursor === undefined) apply(event, true)
    else if (seq === cursor + 1) apply(event, false)
    else if (seq > cursor + 1) {
      held.set(chat, (held.get(chat) ?? new Map<number, WireEvent>()).set(seq, event))
      return fetchMissing(chat)
    }
    const later = held.get(chat)
    for (let next = later?.get(cursors.get(chat)! + 1); next; next = later?.get(cursors.get(chat)! + 1)) {
      later!.delete(next.seq)
      apply(next, false)
    }
  }

  /** Reads from the log until nothing is missing; again after a while if nobody answers. */
  function fetchMissing(chat: string): void {
    if (fetching.has(chat)) return
    fetching.add(chat)
    const mine = line
    const isNeeded = () => mine === line && cursors.has(chat) && !isOver
    const go = async () => {
      for (let isBehind = true; isBehind && isNeeded(); ) {
        try {
          const { events, head } = (await command({ type: 'fetch', chat_id: chat, after: cursors.get(chat) })) as {
            events: WireEvent[]
            head: number
          }
          for (const event of events) if (cursors.has(chat)) take(event)
          isBehind = events.length > 0 && (cursors.get(chat) ?? head) < head
        } catch (error) {
          if (error instanceof Refused && !passing.has(error.code)) return
          await pause(200 + random() * 800)
        }
      }
    }
    void go().finally(() => fetching.delete(chat))
  }

  function forget(chat: string): void {
    cursors.delete(chat)
    held.delete(chat)
    last.delete(chat)
  }

  function hear(frame: Frame & Record<string, unknown>): void {
    onFrame?.(frame)
    const chat = frame.chat_id as string
    switch (frame.type) {
      case 'ok':
      case 'error': {
        const asked = waiting.get(frame.ref as string)
        waiting.delete(frame.ref as string)
        if (frame.type === 'ok') {
          const result = frame.result as Record<string, unknown>
          if ('epoch' in result) begin(result.heads as Record<string, number>)
          asked?.resolve(result)
        }
        if (frame.type === 'error') asked?.reject(new Refused((frame.problem as { code: string }).code))
        return
      }
      case 'event': {
        const event = frame.event as WireEvent
        const before = last.get(event.chat_id) ?? cursors.get(event.chat_id)
        if (before !== undefined && event.seq !== before + 1)
          record({ type: 'out-of-turn', by: user, chat: event.chat_id, seq: event.seq, after: before })
        last.set(event.chat_id, event.seq)
        return take(event)
      }
      case 'limited': {
        const { from, to, newest } = frame as unknown as { from: number; to: number; newest: readonly WireEvent[] }
        record({ type: 'limited', by: user, chat, from, to })
        cursors.set(chat, to)
        for (const event of newest) take(event)
        last.set(chat, cursors.get(chat)!)
        return
      }
      case 'gap':
        record({ type: 'gap', by: user, chat, from: frame.from as number, to: frame.to as number })
        last.set(chat, frame.to as number)
        return fetchMissing(chat)
      case 'reset':
        record({ type: 'reset', by: user, chat: chat ?? null, reason: frame.reason as string })
        for (const each of chat ? [chat] : [...cursors.keys()]) forget(each)
        return
      case 'chat_gone':
        record({ type: 'gone', by: user, chat, reason: frame.reason as string })
        return forget(chat)
      case 'receipt':
        if (frame.user_id) record({ type: 'receipt', by: user, line, chat, user: frame.user_id as string, seq: frame.read_seq as number })
        return
      case 'heads':
        for (const [each, head] of Object.entries(frame.heads as Record<string, number>)) {
          const at = Math.max(cursors.get(each) ?? head, last.get(each) ?? 0)
          if (head <= at) continue
          record({ type: 'heads-ahead', by: user, chat: each, head, at })
          fetchMissing(each)
        }
        return
    }
  }

  /** A chat that the client did not name starts at its head. */
  function begin(heads: Record<string, number>): void {
    for (const [chat, head] of Object.entries(heads)) if (!cursors.has(chat)) cursors.set(chat, head)
    record({ type: 'resumed', by: user, line, heads, cursors: Object.fromEntries(cursors) })
  }

  function command(frame: Frame): Promise<Record<string, unknown>> {
    const ref = `r${++refs}`
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Unanswered())
    waiting.set(ref, { resolve, reject })
    const timer = setTimeout(() => {
      waiting.delete(ref)
      reject(new Unanswered())
    }, patience)
    socket.send(JSON.stringify({ ...frame, ref }))
    return promise.finally(() => clearTimeout(timer))
  }

  /** One line, from opening to its end. */
  async function talk(): Promise<void> {
    const mine = ++line
    const url = `${anyUrl().replace('http', 'ws')}/api/v1/ws`
    const ws = new WebSocket(url, { handshakeTimeout: 3_000, headers: deviceId === undefined ? { authorization: `Bearer ${token}` } : {} })
    const over = Promise.withResolvers<void>()
    last = new Map()
    heardAt = performance.now()
    ws.on('error', () => undefined)
    ws.on('close', (code) => {
      if (socket === ws) socket = undefined
      closed = code
      isLevel = false
      for (const { reject } of waiting.values()) reject(new Unanswered())
      waiting.clear()
      over.resolve()
    })
    ws.on('ping', () => (heardAt = performance.now()))
    ws.on('message', (data) => {
      heardAt = performance.now()
      if (line === mine) hear(JSON.parse((data as Buffer).toString()) as Frame)
    })
    ws.on('open', () => {
      socket = ws
      resume(mine).catch(() => ws.terminate())
    })
    const beat = setInterval(() => {
      const silence = performance.now() - heardAt
      if (isStalled) return
      if (silence > GONE_AFTER) ws.terminate()
      else if (silence > 1_000 && isLevel) command({ type: 'ping' }).catch(() => undefined)
    }, 500)
    await over.promise
    clearInterval(beat)
  }

  async function resume(mine: number): Promise<void> {
    if (deviceId !== undefined) await command({ type: 'authorize', token, device_id: deviceId })
    record({ type: 'resuming', by: user, line: mine })
    await command({ type: 'resume', cursors: Object.fromEntries(cursors) })
    isLevel = true
  }

  async function live(): Promise<void> {
    while (!isOver) {
      await talk()
      if (closed !== undefined && final.has(closed)) return
      if (!isOver) await pause(20 + random() * 200)
    }
  }

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    for (;;) {
      const answer = await attempt(method, path, body).catch(() => undefined)
      if (answer && answer.status < 500 && answer.status !== 429) return answer
      if (isOver) throw new Unanswered()
      await pause(50 + random() * 200)
    }
  }

  async function attempt(method: string, path: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${anyUrl()}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
  }

  async function level(): Promise<void> {
    while (!isLevel && !isOver) await pause(20)
  }

  async function sendOverSocket(chat: string, key: string, content: object): Promise<{ id: string; seq: number } | undefined> {
    const frame = { type: 'send_message', chat_id: chat, client_message_id: key, ...content }
    const { message } = (await command(frame)) as { message: { id: string; seq: number } }
    return message
  }

  /** The same once more, by the other transport and perhaps another process. */
  async function again(chat: string, key: string, content: object): Promise<void> {
    const answer = await attempt('POST', `/chats/${chat}/messages`, { client_message_id: key, ...content }).catch(() => undefined)
    if (!answer || answer.status >= 300) return
    const { id, seq } = answer.body as { id: string; seq: number }
    record({ type: 'acknowledged', by: user, chat, key, id, seq })
  }

  const alive = live()
  return {
    user,
    cursors,
    isLevel: () => isLevel,
    lastClose: () => closed,
    lines: () => line,
    level,
    command,
    call,
    async send(chat, key, text, n, more = {}) {
      const content = { text, ...more }
      record({ type: 'sent', by: user, chat, key, n })
      for (;;) {
        try {
          if (random() < 0.15) {
            const { status, body } = await attempt('POST', `/chats/${chat}/messages`, { client_message_id: key, ...content })
            if (status >= 500 || status === 429) throw new Unanswered()
            if (status >= 400) throw new Refused(String(body.code))
            const { id, seq } = body as { id: string; seq: number }
            record({ type: 'acknowledged', by: user, chat, key, id, seq })
            return { id, seq }
          }
          await level()
          const { id, seq } = (await sendOverSocket(chat, key, content))!
          record({ type: 'acknowledged', by: user, chat, key, id, seq })
          if (random() < 0.05) void again(chat, key, content)
          return { id, seq }
        } catch (error) {
          if (error instanceof Refused && !passing.has(error.code)) return undefined
          if (isOver) return undefined
          await pause(30 + random() * 150)
        }
      }
    },
    drop: () => socket?.terminate(),
    stall(given) {
      isStalled = given
      heardAt = performance.now()
      if (isStalled) socket?.pause()
      else socket?.resume()
    },
    async stop() {
      isOver = true
      socket?.terminate()
      await Promise.race([alive, pause(4_000)])
    },
  }
}

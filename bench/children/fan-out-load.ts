import { answering } from '../measure/child.ts'
import { keys, TEXT } from './closed-loop.ts'
import { countingSocket, type RawSocket, rawSocket } from './raw-socket.ts'
import type { Seat } from './socket-load.ts'

/** Everybody in one chat: they count frames by their headers alone, and write as soon as fewer messages are in flight than may be. */
export interface OpenReaders {
  readonly port: number
  /** Who reads. Without tokens, of a server that asks for none. */
  readonly seats: readonly Seat[]
  readonly isBare: boolean
}

/** Answers and beats are shorter than an event; greetings come before the count begins. */
const EVENT_BYTES = 300
/** `hello`, and the answer to `resume`. */
const GREETINGS = 2
const AT_ONCE = 50

let readers: RawSocket[] = []
let seats: readonly Seat[] = []
let isBare = false
let isOn = false
let isWriting = false
let inFlight = 1
let sent = 0
let received = 0
let counted = 0
let since = 0
const nextKey = keys()

function write(): void {
  while (sent * readers.length - received < inFlight * readers.length) {
    const place = sent++ % Math.min(readers.length, 40)
    const frame = `{"type":"send_message","chat_id":"${seats[place]!.chatId}","client_message_id":"${nextKey()}","text":"${TEXT}"}`
    readers[place]!.send(isBare ? 'x' : frame)
  }
}

function came(frames: number): void {
  received += frames
  counted += frames
  if (isWriting) write()
}

/** Resolves when a socket was greeted and has resumed. */
async function reader(port: number, { token }: Seat): Promise<RawSocket> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let heard = 0
  const socket = await countingSocket(port, EVENT_BYTES, (long, all) => {
    heard += all
    if (heard >= GREETINGS) resolve()
    if (isOn && long > 0) came(long)
  })
  if (isBare) return socket
  socket.send(`{"type":"authorize","token":"${token}"}`, '{"type":"resume","ref":"resumed","cursors":{}}')
  await promise
  return socket
}

answering({
  /** The length of one event, as it is told to others. */
  async sample({ port, seats }: OpenReaders) {
    const [writer, other] = seats as readonly [Seat, Seat]
    const { promise, resolve } = Promise.withResolvers<number>()
    const listener = await rawSocket(port, (bytes, start, end) => {
      const text = bytes.toString('utf8', start, end)
      if (text.includes('"resumed"'))
        raw.send(`{"type":"send_message","chat_id":"${writer.chatId}","client_message_id":"${nextKey()}","text":"${TEXT}"}`)
      if (text.includes('"message.sent"')) resolve(end - start)
    })
    const raw = await rawSocket(port, () => {})
    raw.send(`{"type":"authorize","token":"${writer.token}"}`)
    listener.send(`{"type":"authorize","token":"${other.token}"}`, '{"type":"resume","ref":"resumed","cursors":{}}')
    const length = await promise
    raw.socket.destroy()
    listener.socket.destroy()
    return length
  },
  async open(options: OpenReaders) {
    seats = options.seats
    isBare = options.isBare
    for (let from = 0; from < seats.length; from += AT_ONCE)
      readers.push(...(await Promise.all(seats.slice(from, from + AT_ONCE).map((seat) => reader(options.port, seat)))))
  },
  begin(options: { inFlight: number }) {
    isOn = isWriting = true
    inFlight = options.inFlight
    sent = received = 0
    write()
  },
  mark() {
    const now = performance.now()
    const mark = { count: counted, ms: now - since }
    counted = 0
    since = now
    return mark
  },
  async end() {
    isWriting = false
    const expected = sent * readers.length
    const until = performance.now() + 10_000
    while (received < expected && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10))
    isOn = false
    if (received !== expected) throw new Error(`${received} of ${expected} deliveries came`)
  },
  close() {
    for (const { socket } of readers) socket.destroy()
    readers = []
  },
})

import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'
import { type RawSocket, rawSocket } from './raw-socket.ts'

export interface Seat {
  readonly userId: string
  readonly token: string
  readonly chatId: string
  /** Whom each message mentions, letter by letter of its text. */
  readonly names?: readonly string[]
  /** Of another server than the others. */
  readonly port?: number
}
export interface OpenSockets {
  readonly port: number
  readonly seats: readonly Seat[]
  /** Without it a socket is told nothing but answers. */
  readonly resumes: boolean
}
export interface Begin {
  /** Sends that each socket has unanswered. */
  readonly each: number
  /**
   * What is counted: answers; or arrivals on the socket of the other person of a private chat. `turns`: two people, and each writes when the
   * other's message has come.
   */
  readonly counts: 'answers' | 'arrivals' | 'turns'
}

interface Talker {
  readonly seat: Seat
  /** A member of each frame. */
  readonly mentions: string
  raw: RawSocket
  /** By `ref`, a small number that is used again. */
  readonly sentAt: number[]
  readonly ready: PromiseWithResolvers<void>
  due: string[]
}

const OK = '{"type":"ok","ref":"'
const EVENT = '{"type":"event"'
const ERROR = '{"type":"error"'
const SENT = '"type":"message.sent"'
const ACTOR = '"actor_id":"'
/** As much of a frame as tells what it is. */
const LOOKED_AT = 260

let talkers: Talker[] = []
let isOn = false
let counts: Begin['counts'] = 'answers'
let failure: string | undefined
let done = tally()
let lastSentAt = 0
const nextKey = keys()

function frameOf(talker: Talker, ref: number): string {
  talker.sentAt[ref] = performance.now()
  return `{"type":"send_message","ref":"${ref}","chat_id":"${talker.seat.chatId}","client_message_id":"${nextKey()}","text":"${TEXT}"${talker.mentions}}`
}

/** What one chunk of bytes has made due leaves in one write. */
function due(talker: Talker, ref: number): void {
  if (!isOn) return
  if (talker.due.length === 0)
    queueMicrotask(() => {
      talker.raw.send(...talker.due)
      talker.due = []
    })
  talker.due.push(frameOf(talker, ref))
}

function heard(talker: Talker, bytes: Buffer, start: number, end: number): void {
  const text = bytes.toString('latin1', start, Math.min(end, start + LOOKED_AT))
  if (text.startsWith(OK)) {
    const ref = text.slice(OK.length, text.indexOf('"', OK.length))
    if (ref === 'known' || ref === 'resumed') return talker.ready.resolve()
    if (counts === 'turns') return
    if (counts === 'answers') done.count()
    done.took(talker.sentAt[Number(ref)]!)
    due(talker, Number(ref))
  } else if (counts !== 'answers' && text.startsWith(EVENT)) {
    const at = text.indexOf(ACTOR) + ACTOR.length
    if (text.startsWith(talker.seat.userId, at) || !text.includes(SENT)) return
    done.count()
    if (counts !== 'turns') return
    done.took(lastSentAt)
    if (!isOn) return
    lastSentAt = performance.now()
    talker.raw.send(frameOf(talker, 0))
  } else if (text.startsWith(ERROR)) failure ??= text
}

async function talkerFor(port: number, seat: Seat, resumes: boolean): Promise<Talker> {
  const named = seat.names?.map((id, start) => `{"kind":"user","user_id":"${id}","start":${start},"length":1}`)
  const mentions = named ? `,"mentions":[${named.join(',')}]` : ''
  const talker: Talker = { seat, mentions, raw: undefined as never, sentAt: [], ready: Promise.withResolvers(), due: [] }
  talker.raw = await rawSocket(port, (bytes, start, end) => heard(talker, bytes, start, end))
  talker.raw.send(`{"type":"authorize","ref":"known","token":"${seat.token}"}`)
  await talker.ready.promise
  if (!resumes) return talker
  Object.assign(talker, { ready: Promise.withResolvers() })
  talker.raw.send('{"type":"resume","ref":"resumed","cursors":{}}')
  await talker.ready.promise
  return talker
}

const AT_ONCE = 50

answering({
  async open({ port, seats, resumes }: OpenSockets) {
    for (let from = 0; from < seats.length; from += AT_ONCE)
      talkers.push(...(await Promise.all(seats.slice(from, from + AT_ONCE).map((seat) => talkerFor(seat.port ?? port, seat, resumes)))))
  },
  begin(options: Begin) {
    isOn = true
    counts = options.counts
    done = tally()
    if (counts === 'turns') {
      lastSentAt = performance.now()
      return talkers[0]!.raw.send(frameOf(talkers[0]!, 0))
    }
    for (const talker of talkers) for (let ref = 0; ref < options.each; ref++) due(talker, ref)
  },
  mark() {
    if (failure) throw new Error(failure)
    return done.mark()
  },
  /** Resolves when all that is under way was answered. */
  async end() {
    isOn = false
    for (let before = -1, now = 0; before !== now; ) {
      before = now
      await new Promise((resolve) => setTimeout(resolve, 100))
      now += done.mark().count
    }
  },
  close() {
    for (const { raw } of talkers) raw.socket.destroy()
    talkers = []
  },
})

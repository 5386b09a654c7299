import type { Delivery } from '../../application/live/delivery.ts'
import type { ChatId, Seq } from '../../domain/ids.ts'

/** Frames that were taken out and are still in the list, at most. */
const COMPACT_FROM = 1_024

interface Range {
  readonly from: Seq
  readonly to: Seq
}

/** A frame that waits. A frame with a range of events can be dropped: the client reads them from the log. */
interface Waiting {
  readonly frame: Buffer
  readonly chatId: ChatId | undefined
  readonly range: Range | undefined
}

/** The frames that wait for a slow reader, in four classes: control, durable, receipts, transient. */
export interface Backlog {
  readonly control: Buffer[]
  readonly gaps: Map<ChatId, Range>
  durable: Waiting[]
  /** Frames of `durable` that were taken out. */
  taken: number
  /** The newest of each reader and chat. */
  readonly receipts: Map<string, Waiting>
  /** Typing, presence, names and pictures: the newest of each chat or person. */
  readonly transient: Map<string, Waiting>
  bytes: number
  hasDropped: boolean
}

export const emptyBacklog = (): Backlog => ({
  control: [],
  gaps: new Map(),
  durable: [],
  taken: 0,
  receipts: new Map(),
  transient: new Map(),
  bytes: 0,
  hasDropped: false,
})

export const isClear = ({ control, gaps, durable, taken, receipts, transient }: Backlog): boolean =>
  control.length === 0 && gaps.size === 0 && durable.length === taken && receipts.size === 0 && transient.size === 0

/** Every frame that waits. */
export const framesOf = ({ control, durable, taken, receipts, transient }: Backlog): readonly Buffer[] => [
  ...control,
  ...[...durable.slice(taken), ...receipts.values(), ...transient.values()].map(({ frame }) => frame),
]

/** Adds a frame that must not be lost and goes before durable ones. */
export function putControl(backlog: Backlog, frame: Buffer): void {
  backlog.control.push(frame)
  backlog.bytes += frame.length
}

/** Adds a frame that must not be lost, after the durable frames before it. */
export function putAnswer(backlog: Backlog, frame: Buffer): void {
  putDurable(backlog, { frame, chatId: undefined, range: undefined })
}

type Place<T extends Delivery['type']> = (backlog: Backlog, delivery: Extract<Delivery, { type: T }>, frame: Buffer) => void

/** Where each type of delivery waits. */
const places: { readonly [T in Delivery['type']]: Place<T> } = {
  event: (backlog, { event: { chatId, seq } }, frame) => putDurable(backlog, { frame, chatId, range: { from: seq, to: seq } }),
  limited: (backlog, { chatId, from, to, newest }, frame) =>
    putDurable(backlog, { frame, chatId, range: { from, to: newest.at(-1)?.seq ?? to } }),
  reset: (backlog, { chatId }, frame) => putDurable(backlog, { frame, chatId, range: undefined }),
  chat_gone(backlog, { chatId }, frame) {
    forgetChat(backlog, chatId)
    putControl(backlog, frame)
  },
  blocked: (backlog, _, frame) => putControl(backlog, frame),
  notices: (backlog, _, frame) => putControl(backlog, frame),
  receipt: (backlog, { chatId, userId }, frame) =>
    putNewest(backlog, backlog.receipts, `${chatId} ${userId ?? ''}`, { frame, chatId, range: undefined }),
  my_chat: (backlog, { chatId }, frame) => putNewest(backlog, backlog.receipts, `my ${chatId}`, { frame, chatId, range: undefined }),
  typing: (backlog, { chatId }, frame) => putNewest(backlog, backlog.transient, chatId, { frame, chatId, range: undefined }),
  notice: (backlog, _, frame) => putControl(backlog, frame),
  user: (backlog, { person }, frame) =>
    putNewest(backlog, backlog.transient, `user ${person.id}`, { frame, chatId: undefined, range: undefined }),
  presence: (backlog, { userId }, frame) => putNewest(backlog, backlog.transient, userId, { frame, chatId: undefined, range: undefined }),
}

/** Adds a delivery to its class. */
export const putDelivery = (backlog: Backlog, delivery: Delivery, frame: Buffer): void =>
  places[delivery.type](backlog, delivery as never, frame)

function putDurable(backlog: Backlog, waiting: Waiting): void {
  backlog.durable.push(waiting)
  backlog.bytes += waiting.frame.length
}

function putNewest(backlog: Backlog, held: Map<string, Waiting>, key: string, waiting: Waiting): void {
  backlog.bytes += waiting.frame.length - (held.get(key)?.frame.length ?? 0)
  held.delete(key)
  held.set(key, waiting)
}

/** Drops all frames of a chat. */
function forgetChat(backlog: Backlog, chatId: ChatId): void {
  backlog.gaps.delete(chatId)
  keepDurable(backlog, (waiting) => waiting.chatId !== chatId)
  for (const held of [backlog.receipts, backlog.transient])
    for (const [key, waiting] of held) if (waiting.chatId === chatId) forget(backlog, held, key, waiting)
}

function keepDurable(backlog: Backlog, isKept: (waiting: Waiting) => boolean): void {
  const kept: Waiting[] = []
  for (const waiting of backlog.durable.slice(backlog.taken))
    if (isKept(waiting)) kept.push(waiting)
    else backlog.bytes -= waiting.frame.length
  backlog.durable = kept
  backlog.taken = 0
}

function forget(backlog: Backlog, held: Map<string, Waiting>, key: string, { frame }: Waiting): void {
  held.delete(key)
  backlog.bytes -= frame.length
}

/**
 * Drops frames until at most `bound` bytes wait: transient ones first, then the events of the chats with the most bytes, for each of which
 * the reader gets one `gap`. Frames that cannot be dropped may still exceed the bound.
 */
export function makeRoom(backlog: Backlog, bound: number): void {
  for (const [key, waiting] of backlog.transient) forget(backlog, backlog.transient, key, waiting)
  if (backlog.bytes <= bound) return
  const chats = new Map<ChatId, { bytes: number; from: Seq; to: Seq }>()
  for (const { frame, chatId, range } of backlog.durable.slice(backlog.taken)) {
    if (!range || chatId === undefined) continue
    const known = chats.get(chatId)
    if (known) {
      known.bytes += frame.length
      known.to = Math.max(known.to, range.to)
    } else chats.set(chatId, { bytes: frame.length, ...range })
  }
  const dropped = new Set<ChatId>()
  let left = backlog.bytes
  for (const [chatId, { bytes, from, to }] of [...chats].sort(([, a], [, b]) => b.bytes - a.bytes)) {
    if (left <= bound) break
    left -= bytes
    dropped.add(chatId)
    const earlier = backlog.gaps.get(chatId)
    backlog.gaps.set(chatId, { from: earlier?.from ?? from, to })
  }
  if (dropped.size === 0) return
  backlog.hasDropped = true
  keepDurable(backlog, ({ chatId, range }) => !range || chatId === undefined || !dropped.has(chatId))
}

/** Takes out the next frames, about `bytes` in all: control before durable before receipts before transient. */
export function takeFrom(backlog: Backlog, bytes: number, gapFrame: (chatId: ChatId, range: Range) => Buffer): Buffer[] {
  const frames: Buffer[] = []
  let taken = 0
  const isFull = () => taken >= bytes
  const take = (frame: Buffer) => {
    frames.push(frame)
    taken += frame.length
    backlog.bytes -= frame.length
  }
  for (const frame of backlog.control.splice(0)) take(frame)
  for (const [chatId, range] of backlog.gaps) {
    const frame = gapFrame(chatId, range)
    backlog.bytes += frame.length
    take(frame)
  }
  backlog.gaps.clear()
  while (!isFull() && backlog.taken < backlog.durable.length) take(backlog.durable[backlog.taken++]!.frame)
  if (backlog.taken > COMPACT_FROM || backlog.taken === backlog.durable.length) {
    backlog.durable = backlog.durable.slice(backlog.taken)
    backlog.taken = 0
  }
  for (const held of [backlog.receipts, backlog.transient])
    for (const [key, { frame }] of held) {
      if (isFull() || backlog.durable.length > 0) return frames
      held.delete(key)
      take(frame)
    }
  return frames
}

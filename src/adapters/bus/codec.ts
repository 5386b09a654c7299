import type { BusMessage, Published, Topic } from '../../application/ports/bus.ts'
import type { ChatId, Seq } from '../../domain/ids.ts'
import { asEvent } from '../../domain/kinds/kinds.ts'

type Of<T extends BusMessage['type']> = Extract<BusMessage, { type: T }>

interface Kind<N extends BusMessage> {
  /** Whether it is sent again soon, or no longer true then: such a notice is the first to be dropped. */
  readonly isTransient: boolean
  /** Returns the same in smaller notices, where one is too large to send. None: it is dropped. */
  parts?(notice: N): readonly BusMessage[]
  /** Returns what this version understands of it. */
  read?(notice: N): BusMessage
  /** Returns what is certain of it when a process of another release sent it; undefined: nothing. Without it: all of it. */
  foreign?(notice: N): BusMessage | undefined
}

const hint = (chatId: ChatId, head: Seq): BusMessage => ({ type: 'head', chatId, head })
const lasting = { isTransient: false }
const transient = { isTransient: true }

const kinds: { readonly [T in BusMessage['type']]: Kind<Of<T>> } = {
  'events': {
    isTransient: false,
    parts: ({ chatId, events, ...rest }) =>
      events.length > 1 ? halves(events).map((some) => ({ ...rest, chatId, events: some })) : events.map(({ seq }) => hint(chatId, seq)),
    read: ({ events, ...rest }) => ({ ...rest, events: events.map(asEvent) }),
    // Members that this release needs may be missing: the events are read from the log.
    foreign: ({ chatId, events }) => hint(chatId, events.at(-1)!.seq),
  },
  'head': lasting,
  // The poll finds the mark.
  'receipt': { isTransient: false, foreign: () => undefined },
  'typing': transient,
  'presence': transient,
  'who-is-there': transient,
  'sessions-ended': {
    isTransient: false,
    parts: ({ sessionIds, ...rest }) => halves(sessionIds).map((some) => ({ ...rest, sessionIds: some })),
  },
  'replaced': lasting,
  'own': lasting,
  'notice': lasting,
  'profile': transient,
  'joined': lasting,
  'behind': { isTransient: true, parts: ({ heads, ...rest }) => halves(heads).map((some) => ({ ...rest, heads: some })) },
  'consumers': transient,
  'notices': lasting,
  'circle': lasting,
}

const kindOf = ({ type }: BusMessage) => kinds[type] as Kind<BusMessage>

/** Whether a notice may be dropped before others. */
export const isPassing = ({ notice }: Published): boolean => kindOf(notice).isTransient

/** One notice a line: its topic, which holds no blank, a blank, and its JSON, which holds no line break. */
const lineOf = ({ topic, notice }: Published): string => `${topic} ${JSON.stringify(notice)}`

/** A message begins with the release that wrote it: a line that no topic begins like. */
const MARK = '!'

/**
 * Returns the notices as messages of at most `bound` bytes, in order, each with the release that writes them. A notice that is larger is sent in parts; an event that is larger
 * becomes the hint that there is one. Members that are `undefined` are left out, and are `undefined` again in the notice that is read.
 */
export function packed(told: readonly Published[], release: string, bound: number): readonly string[] {
  const messages: string[] = []
  const head = `${MARK}${release}\n`
  const room = bound - Buffer.byteLength(head)
  let open = ''
  let size = 0
  const add = (one: Published): void => {
    const line = lineOf(one)
    const length = Buffer.byteLength(line)
    if (length > room) return (kindOf(one.notice).parts?.(one.notice) ?? []).forEach((notice) => add({ topic: one.topic, notice }))
    if (size > 0 && size + 1 + length > room) finish()
    open = size > 0 ? `${open}\n${line}` : line
    size += length + (size > 0 ? 1 : 0)
  }
  const finish = (): void => {
    if (size > 0) messages.push(head + open)
    open = ''
    size = 0
  }
  told.forEach(add)
  finish()
  return messages
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const half = Math.ceil(items.length / 2)
  return items.length > 1 ? [items.slice(0, half), items.slice(half)] : []
}

interface Reading {
  readonly release: string
  isFollowed(topic: Topic): boolean
}

/**
 * Hands over the notices of followed topics. Others are passed over without being parsed; so is what another version has written otherwise.
 * What another release wrote of events is handed over as a hint: during an update two releases run beside each other.
 */
export function unpack(message: string, { release, isFollowed }: Reading, hand: (told: Published) => void): void {
  const head = message.startsWith(MARK) ? message.slice(0, message.indexOf('\n') + 1) : ''
  const isForeign = head !== `${MARK}${release}\n`
  for (let start = head.length, end; start < message.length; start = end + 1) {
    end = message.indexOf('\n', start)
    if (end < 0) end = message.length
    const blank = message.indexOf(' ', start)
    const topic = message.slice(start, Math.max(start, Math.min(blank, end))) as Topic
    if (!isFollowed(topic)) continue
    const notice = read(message.slice(blank + 1, end), isForeign)
    if (notice) hand({ topic, notice })
  }
}

function read(text: string, isForeign: boolean): BusMessage | undefined {
  try {
    const notice = JSON.parse(text) as BusMessage | null
    if (typeof notice?.type !== 'string' || !Object.hasOwn(kinds, notice.type)) return undefined
    const { foreign, read: understood } = kindOf(notice)
    return isForeign && foreign ? foreign(notice) : (understood?.(notice) ?? notice)
  } catch {
    return undefined
  }
}

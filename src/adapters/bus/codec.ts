import type { BusMessage, Published, Topic } from '../../application/ports/bus.ts'
import { asEvent } from '../../domain/kinds/kinds.ts'

/**
 * The notices as messages of at most `bound` bytes each, in order. An event that does not fit alone becomes the hint that there is one.
 * What is `undefined` in a notice is left out, and so is undefined again when it is read.
 */
export function packed(told: readonly Published[], bound: number): readonly string[] {
  const messages: string[] = []
  let open: string[] = []
  let size = BRACKETS
  const add = (one: Published): void => {
    const text = JSON.stringify([one.topic, one.notice])
    const length = Buffer.byteLength(text) + COMMA
    if (BRACKETS + length > bound) return smaller(one).forEach(add)
    if (size + length > bound) finish()
    open.push(text)
    size += length
  }
  const finish = (): void => {
    if (open.length > 0) messages.push(`[${open.join()}]`)
    open = []
    size = BRACKETS
  }
  told.forEach(add)
  finish()
  return messages
}

const BRACKETS = 2
const COMMA = 1

/** The same in parts, or what can be said of it in few bytes. */
function smaller({ topic, notice }: Published): readonly Published[] {
  if (notice.type === 'sessions-ended') return halves(notice.sessionIds).map((sessionIds) => ({ topic, notice: { ...notice, sessionIds } }))
  if (notice.type !== 'events') return []
  const { chatId, events } = notice
  if (events.length > 1) return halves(events).map((some) => ({ topic, notice: { ...notice, events: some } }))
  return events.map(({ seq }) => ({ topic, notice: { type: 'head', chatId, head: seq } }))
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const half = Math.ceil(items.length / 2)
  return items.length > 1 ? [items.slice(0, half), items.slice(half)] : []
}

const types: Readonly<Record<BusMessage['type'], 'lasting' | 'passing'>> = {
  'events': 'lasting',
  'head': 'lasting',
  'receipt': 'lasting',
  'typing': 'passing',
  'presence': 'passing',
  'who-is-there': 'passing',
  'sessions-ended': 'lasting',
  'replaced': 'lasting',
  'joined': 'lasting',
}

/** Soon it is said again, or no longer true. */
export const isPassing = ({ notice }: Published): boolean => types[notice.type] === 'passing'

/** What a message says; of what another version has said in words that are not known here, nothing. */
export function unpacked(message: string): readonly Published[] {
  try {
    const said: unknown = JSON.parse(message)
    if (!Array.isArray(said)) return []
    return said.flatMap((each: unknown) => (isTold(each) ? [{ topic: each[0], notice: understood(each[1]) }] : []))
  } catch {
    return []
  }
}

/** Events of kinds that this version does not know keep their common members. */
const understood = (notice: BusMessage): BusMessage =>
  notice.type === 'events' ? { ...notice, events: notice.events.map(asEvent) } : notice

function isTold(each: unknown): each is [Topic, BusMessage] {
  if (!Array.isArray(each)) return false
  const [topic, notice] = each as [unknown, { readonly type?: unknown } | null | undefined]
  return typeof topic === 'string' && typeof notice?.type === 'string' && Object.hasOwn(types, notice.type)
}

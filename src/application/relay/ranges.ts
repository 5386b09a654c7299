import type { ChatEvent } from '../../domain/event.ts'
import type { ChatId, Instant, Seq } from '../../domain/ids.ts'
import { lastBefore } from '../log-time.ts'
import type { Consumer, Frozen } from '../ports/consumers.ts'
import type { ChatLog } from '../ports/log.ts'
import type { Place } from './places.ts'

/** Events that are read at once, at most. */
const PAGE = 100

type Reads = Pick<ChatLog, 'read'>

/** What comes next in a chat. */
export interface Next {
  /** Empty: nothing up to `to` is for the consumer. */
  readonly events: readonly ChatEvent[]
  /** The cursor before the events: what lies below is done or skipped. */
  readonly after: Seq
  /** The cursor after them. */
  readonly to: Seq
  /** The types to which the range is limited. */
  readonly types: readonly string[] | undefined
  /** The log ends here. */
  readonly isEnd: boolean
}

/** Whether an event is of one of these types. One of an unknown kind goes by the kind's own name. */
const isOf = (event: ChatEvent, types: readonly string[] | undefined): boolean =>
  types === undefined || types.includes(event.type === 'unknown' ? event.kind : event.type)

/** Returns the cursor of a consumer that has none in a chat: the event before the first one at or after its beginning. */
export const startOf = (log: Reads, { from }: Pick<Consumer, 'from'>, chatId: ChatId, head: Seq): Promise<Seq> =>
  lastBefore(log, chatId, from, head)

/** Returns the next events of a chat for a consumer: those of the range that was attempted, else as many as it takes at once. */
export async function nextOf(log: Reads, { settings: { types, batch } }: Consumer, place: Place): Promise<Next> {
  const { chatId, frozen, deleted } = place
  const after = place.seq!
  if (deleted) return deletion(place, deleted, types)
  if (frozen) return { ...frozen, after, isEnd: false, events: await within(log, place, frozen) }
  const page = await log.read(chatId, after, PAGE)
  const end = page.at(-1)?.seq ?? after
  const wanted = page.filter((event) => isOf(event, types))
  const events = wanted.slice(0, batch)
  const [first] = events
  if (!first) return { events, after: end, to: end, types, isEnd: page.length < PAGE }
  const to = events.at(-1)!.seq
  return { events, after: first.seq - 1, to, types, isEnd: page.length < PAGE && to === end }
}

/** Returns the events of a range, the texts as they are now; none if the chat is gone. */
export async function within({ read }: Reads, { chatId, seq }: Pick<Place, 'chatId' | 'seq'>, { to, types }: Frozen): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for (let after = seq!; after < to; ) {
    const page = await read(chatId, after, Math.min(PAGE, to - after))
    if (page.length === 0) return []
    after = page.at(-1)!.seq
    events.push(...page.filter((event) => isOf(event, types)))
  }
  return events
}

/** A deleted chat ends with its deletion, unless the cursor is there already; what was not delivered before is gone. */
function deletion(
  { chatId, head, seq }: Place,
  { by, at }: { readonly by: ChatEvent['actorId']; readonly at: Instant },
  types: Next['types'],
): Next {
  const event: ChatEvent = { type: 'chat.deleted', chatId, seq: head, at, actorId: by }
  const isAsked = seq! < head && isOf(event, types)
  return { events: isAsked ? [event] : [], after: isAsked ? head - 1 : head, to: head, types, isEnd: true }
}

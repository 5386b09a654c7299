import { PAGE_DEFAULT } from '../../../adapters/wire/limits.ts'
import type { Message as WireMessage } from '../../../adapters/wire/schemas/messages.ts'
import type { Call } from '../../calls/call.ts'
import { localError } from '../../calls/problem.ts'
import { readMessage } from '../../calls/read-wire.ts'
import { absorb } from '../../copy/absorb.ts'
import { type Copies, type Copy, RECORDED } from '../../copy/copies.ts'
import { addPage, type Span } from '../../copy/timeline.ts'

/** The page of messages that the service answers. */
interface Answer {
  readonly items: WireMessage[]
  readonly next: string | null
  readonly prev: string | null
}

type Place = { readonly before: number } | { readonly after: number } | { readonly around: number } | Record<never, never>

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  readonly call: Call
  /** Makes sure that the chat, and so the head of its log, is known. */
  known(): Promise<unknown>
}

export interface PageLoader {
  latest(): Promise<void>
  around(seq: number): Promise<void>
  before(seq: number): Promise<void>
  after(seq: number): Promise<void>
}

const ATTEMPTS = 3

/** Loads pages of messages into the timeline of a chat. */
export function pageLoader({ copy, copies, call, known }: Needs): PageLoader {
  const { timeline } = copy

  /** Loads one page, with all that happens meanwhile; again, if events were left out meanwhile: it may be older than they are. */
  async function load(place: Place, spanOf: (answer: Answer, head: number) => Span): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await known()
      const done = copies.record()
      try {
        const { generation } = copy
        const { head } = timeline
        const query = { ...place, limit: PAGE_DEFAULT }
        const answer = await call<Answer>('listMessages', { params: { chat_id: copy.id }, query })
        const isStale = copy.generation !== generation || copy.recorded.length > RECORDED
        if (!isStale) return add(answer, spanOf(answer, head), head)
        if (attempt >= ATTEMPTS) throw localError('timeout', 'The chat changes too fast')
      } finally {
        done()
      }
    }
  }

  function add({ items }: Answer, span: Span, head: number): void {
    addPage(timeline, items.map(readMessage), span)
    const isLive = span.to >= head
    for (const { seq, event } of copy.recorded) if (seq > head && event) absorb(timeline, event, isLive)
    if (isLive && timeline.head > span.to) addPage(timeline, [], { from: span.to + 1, to: timeline.head })
  }

  const first = ({ items, prev }: Answer, otherwise: number) => (prev === null ? 1 : (items[0]?.seq ?? otherwise))
  const last = ({ items, next }: Answer, head: number, otherwise: number) =>
    next === null ? Math.max(head, items.at(-1)?.seq ?? 0) : (items.at(-1)?.seq ?? otherwise)

  return {
    latest: () => load({}, (answer, head) => ({ from: first(answer, head + 1), to: Math.max(head, answer.items.at(-1)?.seq ?? 0) })),
    around: (seq) =>
      load({ around: seq }, (answer, head) => ({ from: Math.min(seq, first(answer, seq)), to: Math.max(seq, last(answer, head, seq)) })),
    before: (seq) => load({ before: seq }, (answer) => ({ from: first(answer, 1), to: seq - 1 })),
    after: (seq) => load({ after: seq }, (answer, head) => ({ from: seq + 1, to: Math.max(seq, last(answer, head, seq)) })),
  }
}

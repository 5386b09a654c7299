import { PAGE_DEFAULT } from '../../adapters/wire/limits.ts'
import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Call } from '../calls/http.ts'
import { isProblem, isWorthRetrying, localError } from '../calls/problem.ts'
import { readMessage } from '../calls/read-wire.ts'
import { type Copies, type Copy, RECORDED } from '../copy/copies.ts'
import { absorb, addPage, forgetAll, forgetOldest, liveSpan, messagesIn, type Span, spanAt } from '../copy/timeline.ts'
import type { Sending } from '../outbox/outbox.ts'
import type { RowMaker } from '../outbox/rows.ts'
import { retrying } from '../platform/backoff.ts'
import type { Platform } from '../platform/platform.ts'
import { derived, sameList } from '../platform/store.ts'
import type { Problem, Row, Store, Timeline } from '../types.ts'

/** The page of messages that the service answers. */
interface Answer {
  readonly items: WireMessage[]
  readonly next: string | null
  readonly prev: string | null
}

type Place = { readonly before: number } | { readonly after: number } | { readonly around: number } | Record<never, never>

export interface Window {
  readonly store: Store<Timeline>
  changed(): void
  /** Loads what is not there yet, and shows it. */
  show(at: 'latest' | 'unread' | number): Promise<void>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Marks what is unread now, to stay marked. */
  divide(): void
  /** Loads again what a failure, or a copy that was too old, has left empty. */
  repair(): void
  /** Nobody looks any more: little is kept. */
  rest(): void
}

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  readonly call: Call
  readonly rows: RowMaker
  pending(): readonly Sending[]
  readonly platform: Pick<Platform, 'later' | 'random'>
  /** Makes sure that the chat, and so the place of its log, is known. */
  known(): Promise<unknown>
}

/** What stays of a chat that is not on screen. */
const KEPT_AT_REST = 200
const LIVE = Number.POSITIVE_INFINITY
const ATTEMPTS = 3

/** The part of a chat's timeline that is looked at. */
export function timelineWindow({ copy, copies, call, rows, pending, known, platform }: Needs): Window {
  const { timeline } = copy
  let anchor = LIVE
  let status: Timeline['status'] = 'idle'
  let problem: Problem | undefined
  let dividedAt: number | undefined
  let older: Promise<void> | undefined
  let newer: Promise<void> | undefined
  let wanted: 'latest' | 'unread' | number = 'latest'
  let shows = 0

  const retry = retrying(platform, () => repair())
  const view = (): Span | undefined => spanAt(timeline, anchor) ?? spanAt(timeline, LIVE)

  const store = derived<Timeline>((before) => {
    const span = view()
    const isLive = !span || span === liveSpan(timeline)
    const readByOthers = copy.item?.readByOthers
    const inLog = span ? messagesIn(timeline, span).map((message) => rows.ofMessage(message, readByOthers)) : []
    const logged = new Set(isLive ? inLog.slice(-PAGE_DEFAULT * 2).map(({ key }) => key) : [])
    const unsent = isLive ? pending().flatMap((sending) => (logged.has(sending.entry.key) ? [] : (rows.ofSending(sending) ?? []))) : []
    return {
      rows: sameList(before?.rows, [...inLog, ...unsent]),
      status,
      problem,
      hasOlder: span ? span.from > 1 : false,
      hasNewer: !isLive,
      isLoadingOlder: older !== undefined,
      isLoadingNewer: newer !== undefined,
      divider: span && dividedAt !== undefined && span.from <= dividedAt + 1 ? firstUnread(inLog, dividedAt) : undefined,
    }
  })

  /** Reads one page, with all that happens meanwhile. Again, if events were left out meanwhile: it may be older than they are. */
  async function load(place: Place, spanOf: (answer: Answer, messages: readonly WireMessage[], head: number) => Span): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await known()
      const done = copies.record()
      try {
        const { generation } = copy
        const { head } = timeline
        const query = { ...place, limit: PAGE_DEFAULT }
        const answer = await call<Answer>('listMessages', { params: { chat_id: copy.id }, query })
        const isStale = copy.generation !== generation || copy.recorded.length > RECORDED
        if (isStale && attempt < ATTEMPTS) continue
        if (isStale) throw localError('timeout', 'The chat changes too fast')
        const span = spanOf(answer, answer.items, head)
        addPage(timeline, answer.items.map(readMessage), span)
        const since = copy.recorded.filter(({ seq }) => seq > head)
        for (const { event } of since) if (event && (event.type !== 'message.sent' || span.to >= head)) absorb(timeline, event)
        if (span.to >= head && timeline.head > span.to) addPage(timeline, [], { from: span.to + 1, to: timeline.head })
        return
      } finally {
        done()
      }
    }
  }

  const first = (messages: readonly WireMessage[], prev: string | null, otherwise: number) =>
    prev === null ? 1 : (messages[0]?.seq ?? otherwise)
  const last = (messages: readonly WireMessage[], next: string | null, head: number, otherwise: number) =>
    next === null ? Math.max(head, messages.at(-1)?.seq ?? 0) : (messages.at(-1)?.seq ?? otherwise)

  const loadLatest = () =>
    load({}, ({ prev }, messages, head) => ({ from: first(messages, prev, head + 1), to: Math.max(head, messages.at(-1)?.seq ?? 0) }))
  const loadAround = (seq: number) =>
    load({ around: seq }, ({ prev, next }, messages, head) => ({
      from: Math.min(seq, first(messages, prev, seq)),
      to: Math.max(seq, last(messages, next, head, seq)),
    }))

  async function show(at: 'latest' | 'unread' | number): Promise<void> {
    const mine = ++shows
    wanted = at
    const target = await targetOf(at)
    if (mine !== shows) return
    const isThere = target === LIVE ? liveSpan(timeline) : spanAt(timeline, target)
    if (!isThere) {
      status = 'loading'
      store.changed()
      try {
        await (target === LIVE ? loadLatest() : loadAround(target))
      } catch (error) {
        if (mine !== shows) return
        status = 'failed'
        problem = isProblem(error) ? error.problem : undefined
        if (isWorthRetrying(error)) retry.failed()
        store.changed()
        throw error
      }
    }
    if (mine !== shows) return
    anchor = target
    retry.worked()
    status = 'ready'
    problem = undefined
    store.changed()
  }

  async function targetOf(at: 'latest' | 'unread' | number): Promise<number> {
    if (typeof at === 'number') return at
    if (at === 'latest') return LIVE
    await known().catch(() => {})
    const { item } = copy
    return item && item.unread > 0 ? Math.min(item.readSeq + 1, Math.max(1, timeline.head)) : LIVE
  }

  async function loadOlder(): Promise<void> {
    const span = view()
    if (!span || span.from <= 1) return
    const before = span.from
    await load({ before }, ({ prev }, messages) => ({ from: first(messages, prev, 1), to: before - 1 }))
  }

  async function loadNewer(): Promise<void> {
    const span = view()
    if (!span || span === liveSpan(timeline)) return
    const after = Math.max(span.to, span.from - 1)
    if (anchor === LIVE) anchor = span.from
    await load({ after }, ({ next }, messages, head) => ({ from: after + 1, to: Math.max(after, last(messages, next, head, after)) }))
  }

  function repair(): void {
    if (status === 'idle' || status === 'loading' || (status === 'ready' && view())) return
    anchor = LIVE
    show(status === 'failed' ? wanted : 'latest').catch(() => {})
  }

  return {
    store,
    changed() {
      store.changed()
    },
    show,
    loadOlder: () =>
      (older ??= track(loadOlder(), () => {
        older = undefined
      })),
    loadNewer: () =>
      (newer ??= track(loadNewer(), () => {
        newer = undefined
      })),
    divide() {
      dividedAt = copy.item && copy.item.unread > 0 ? copy.item.readSeq : undefined
      store.changed()
    },
    repair,
    rest() {
      shows++
      retry.worked()
      const live = liveSpan(timeline)
      if (live) {
        timeline.spans = [live]
        forgetOldest(timeline, KEPT_AT_REST)
      } else forgetAll(timeline, timeline.head)
      anchor = LIVE
      if (status !== 'ready') status = 'idle'
      store.changed()
    },
  }

  function track(work: Promise<void>, over: () => void): Promise<void> {
    queueMicrotask(() => store.changed())
    return work.finally(() => {
      over()
      store.changed()
    })
  }
}

const firstUnread = (rows: readonly Row[], readSeq: number): string | undefined =>
  rows.find(({ seq, isMine }) => seq !== undefined && seq > readSeq && !isMine)?.key

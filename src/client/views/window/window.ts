import { PAGE_DEFAULT } from '../../../adapters/wire/limits.ts'
import type { Call } from '../../calls/call.ts'
import { isProblem, isWorthRetrying } from '../../calls/problem.ts'
import type { Copies, Copy } from '../../copy/copies.ts'
import { forgetAll, forgetOldest, liveSpan, type Span, spanAt } from '../../copy/timeline.ts'
import type { RowMaker } from '../../outbox/rows.ts'
import type { Sending } from '../../outbox/sendings.ts'
import { retrying } from '../../platform/backoff.ts'
import type { Platform } from '../../platform/platform.ts'
import { derived, sameList, sameObject } from '../../platform/store.ts'
import type { Problem } from '../../problems.ts'
import type { Row, Store, Timeline } from '../../types.ts'
import { pageLoader } from './load.ts'
import { placeOf, windowRows } from './rows.ts'

type Where = 'latest' | 'unread' | number

export interface Window {
  readonly store: Store<Timeline>
  changed(): void
  /** Loads what is not there yet, and shows it. */
  show(at: Where): Promise<void>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Marks what is unread now, to stay marked. */
  divide(): void
  /** Loads again what a failure, or a copy that was out of date, has left empty. */
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
  known(): Promise<unknown>
}

/** Messages kept of a chat that is not on screen. */
const KEPT_AT_REST = 200
const LIVE = Number.POSITIVE_INFINITY

/** The part of a chat's timeline that is looked at. */
export function timelineWindow(needs: Needs): Window {
  const { copy } = needs
  const { timeline } = copy
  const load = pageLoader(needs)
  const state: ShownState = { anchor: LIVE, status: 'idle', problem: undefined, dividedAt: undefined, isOlder: false, isNewer: false }
  const view = (): Span | undefined => spanAt(timeline, state.anchor) ?? spanAt(timeline, LIVE)
  const store = shownTimeline(needs, state, view)
  const places = showing(needs, { state, load, changed: store.changed })
  let older: Promise<void> | undefined
  let newer: Promise<void> | undefined

  async function loadOlder(): Promise<void> {
    const span = view()
    if (span && span.from > 1) await load.before(span.from)
  }

  async function loadNewer(): Promise<void> {
    const span = view()
    if (!span || span === liveSpan(timeline)) return
    if (state.anchor === LIVE) state.anchor = span.from
    await load.after(Math.max(span.to, span.from - 1))
  }

  function tracked(work: Promise<void>, name: 'isOlder' | 'isNewer', over: () => void): Promise<void> {
    state[name] = true
    queueMicrotask(store.changed)
    return work.finally(() => {
      state[name] = false
      over()
      store.changed()
    })
  }

  return {
    ...places,
    store,
    changed: store.changed,
    loadOlder: () => (older ??= tracked(loadOlder(), 'isOlder', () => void (older = undefined))),
    loadNewer: () => (newer ??= tracked(loadNewer(), 'isNewer', () => void (newer = undefined))),
    divide() {
      state.dividedAt = copy.item && copy.item.unread > 0 ? copy.item.readSeq : undefined
      store.changed()
    },
    repair() {
      if (state.status === 'idle' || state.status === 'loading' || (state.status === 'ready' && view())) return
      places.repair()
    },
    rest() {
      places.cancel()
      const live = liveSpan(timeline)
      if (live) {
        timeline.spans = [live]
        forgetOldest(timeline, KEPT_AT_REST)
      } else forgetAll(timeline, timeline.head)
      state.anchor = LIVE
      if (state.status !== 'ready') state.status = 'idle'
      store.changed()
    },
  }
}

/** What is shown besides the rows; changed in place. */
interface ShownState {
  anchor: number
  status: Timeline['status']
  problem: Problem | undefined
  /** The user's read position when the chat was opened. */
  dividedAt: number | undefined
  isOlder: boolean
  isNewer: boolean
}

/** The timeline as applications see it. */
function shownTimeline({ copy, rows, pending }: Needs, state: ShownState, view: () => Span | undefined) {
  const { timeline } = copy
  const rowsIn = windowRows(timeline, rows)

  /** What is on its way and not in the log yet. */
  function unsentRows(inLog: readonly Row[]): readonly Row[] {
    const sendings = pending()
    if (sendings.length === 0) return []
    const logged = new Set(inLog.slice(-PAGE_DEFAULT * 2).map(({ key }) => key))
    return sendings.flatMap((sending) => (logged.has(sending.entry.key) ? [] : (rows.ofSending(sending) ?? [])))
  }

  return derived<Timeline>((before) => {
    const span = view()
    const isLive = !span || span === liveSpan(timeline)
    const inLog = rowsIn(span, isLive, copy.item?.readByOthersSeq)
    const unsent = isLive ? unsentRows(inLog) : []
    const { dividedAt } = state
    return sameObject(before, {
      rows: unsent.length === 0 ? inLog : sameList(before?.rows, [...inLog, ...unsent]),
      status: state.status,
      problem: state.problem,
      hasOlder: span ? span.from > 1 : false,
      hasNewer: !isLive,
      isLoadingOlder: state.isOlder,
      isLoadingNewer: state.isNewer,
      divider: span && dividedAt !== undefined && span.from <= dividedAt + 1 ? firstUnread(inLog, dividedAt) : undefined,
    })
  })
}

interface Showing {
  readonly state: ShownState
  readonly load: ReturnType<typeof pageLoader>
  changed(): void
}

/** Goes to places of the timeline, the last one asked for. */
function showing({ copy, known, platform }: Needs, { state, load, changed }: Showing) {
  const { timeline } = copy
  const retry = retrying(platform, () => repair())
  let wanted: Where = 'latest'
  let shows = 0

  async function show(at: Where): Promise<void> {
    const mine = ++shows
    wanted = at
    const target = await targetOf(at)
    if (mine !== shows) return
    if (!(target === LIVE ? liveSpan(timeline) : spanAt(timeline, target))) {
      state.status = 'loading'
      changed()
      try {
        await (target === LIVE ? load.latest() : load.around(target))
      } catch (error) {
        if (mine !== shows) return
        failed(error)
        throw error
      }
    }
    if (mine !== shows) return
    retry.worked()
    Object.assign(state, { anchor: target, status: 'ready', problem: undefined })
    changed()
  }

  function failed(error: unknown): void {
    Object.assign(state, { status: 'failed', problem: isProblem(error) ? error.problem : undefined })
    if (isWorthRetrying(error)) retry.failed()
    changed()
  }

  async function targetOf(at: Where): Promise<number> {
    if (typeof at === 'number') return at
    if (at === 'latest') return LIVE
    await known().catch(() => {})
    const { item } = copy
    return item && item.unread > 0 ? Math.min(item.readSeq + 1, Math.max(1, timeline.head)) : LIVE
  }

  function repair(): void {
    if (state.status === 'idle' || state.status === 'loading') return
    state.anchor = LIVE
    show(state.status === 'failed' ? wanted : 'latest').catch(() => {})
  }

  return {
    show,
    repair,
    cancel() {
      shows++
      retry.worked()
    },
  }
}

const firstUnread = (rows: readonly Row[], readSeq: number): string | undefined => {
  for (let i = placeOf(rows, readSeq + 1); i < rows.length; i++) if (!rows[i]!.isMine) return rows[i]!.key
  return undefined
}

import type { Count, Duration } from '../../domain/ids.ts'
import type { Consumer, ConsumerState, Consumers } from '../ports/consumers.ts'
import { FAILING_AFTER, probeIn } from './verdicts.ts'

const REPORTS_EVERY: Duration = 1_000

/** Whether a consumer acknowledges anything, and what is reported of it. */
export interface Health {
  readonly state: ConsumerState
  /** Successes since this process delivers. */
  readonly successes: number
  readonly failedAt: Duration | undefined
  succeeded(): void
  failed(error: string): void
  off(): void
  mayProbe(): boolean
  /** Nothing was acknowledged for too long: it is failing from now on. */
  check(): void
  /** Stores how it goes, if that has changed and not too often. */
  report(behind: Count): Promise<void>
}

interface Needs {
  readonly elapsed: () => Duration
  readonly consumers: Pick<Consumers, 'report'>
  /** It was failing, and is not any longer. */
  readonly recovered: () => void
}

export function health({ elapsed, consumers, recovered }: Needs, { id, state: given, report: { lastError: known } }: Consumer): Health {
  let state = given
  let lastError = known
  let successes = 0
  let [succeededAt, failedAt]: (Duration | undefined)[] = []
  let [probes, probeAt] = [0, 0]
  let reportedAt = Number.NEGATIVE_INFINITY
  let reported = ''

  return {
    get state() {
      return state
    },
    get successes() {
      return successes
    },
    get failedAt() {
      return failedAt
    },
    succeeded() {
      successes++
      succeededAt = elapsed()
      failedAt = lastError = undefined
      if (state !== 'failing') return
      state = 'ok'
      recovered()
    },
    failed(error) {
      lastError = error
      failedAt ??= elapsed()
      if (state === 'failing') probeAt = elapsed() + probeIn(++probes)
    },
    off() {
      state = 'off'
    },
    mayProbe: () => elapsed() >= probeAt,
    check() {
      if (state !== 'ok' || failedAt === undefined || elapsed() - failedAt < FAILING_AFTER) return
      state = 'failing'
      probes = 0
      probeAt = elapsed() + probeIn(0)
    },
    async report(behind) {
      const now = elapsed()
      const news = `${state} ${behind} ${lastError ?? ''} ${succeededAt ?? ''}`
      if (news === reported || now - reportedAt < REPORTS_EVERY) return
      reportedAt = now
      reported = news
      const since = (at: Duration | undefined) => (at === undefined ? undefined : now - at)
      await consumers.report(id, { state, failingFor: since(failedAt), succeededAgo: since(succeededAt), behind, lastError })
    },
  }
}

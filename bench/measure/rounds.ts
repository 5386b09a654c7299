import type { Derived, Measured, Plan, Target } from './plan.ts'
import { type Spread, spread } from './statistics.ts'

/** One line of the table: what all rounds found. */
export interface Line {
  readonly title: string
  readonly unit: string
  readonly limitIs: string
  readonly target: Target | undefined
  readonly subject: number
  readonly limit: number
  /** Undefined where a limit came out as nothing, and there is nothing to divide by. */
  readonly ratio: Spread | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
  readonly serverCpu: number | undefined
  readonly databaseCpu: number | undefined
  /** Of the limit, for each of what it counts. */
  readonly limitCpu: number | undefined
}

interface Pair {
  readonly subject: Measured
  readonly limit: Measured
}

/** Measures every plan once in each round, next to its limit; who comes first takes turns. */
export async function measureRounds(plans: readonly Plan[], rounds: number, say: (progress: string) => void): Promise<readonly Line[]> {
  const found = plans.map((): Pair[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, plan] of plans.entries()) {
      say(`round ${round + 1} of ${rounds}: ${plan.title}`)
      for (let time = 0; time < (plan.times ?? 1); time++) {
        const isFirst = (round + time) % 2 === 1
        const early = isFirst ? await plan.subject() : undefined
        const limit = await plan.limit()
        found[i]!.push({ subject: early ?? (await plan.subject()), limit })
      }
    }
  return plans.flatMap((plan, i) => [lineOf(plan, found[i]!), ...(plan.also ?? []).flatMap((also) => derivedLine(also, found[i]!))])
}

const lineOf = (plan: Plan, pairs: readonly Pair[]): Line => ({
  ...labels(plan),
  ...ratios(pairs.map(({ subject, limit }) => ({ subject: subject.value, limit: limit.value }))),
  p50: middle(pairs, ({ subject }) => subject.p50),
  p99: middle(pairs, ({ subject }) => subject.p99),
  serverCpu: middle(pairs, ({ subject }) => subject.serverCpu),
  databaseCpu: middle(pairs, ({ subject }) => subject.databaseCpu),
  limitCpu: middle(pairs, ({ limit }) => (limit.serverCpu ?? 0) + (limit.databaseCpu ?? 0) || undefined),
})

function derivedLine(also: Derived, pairs: readonly Pair[]): Line[] {
  const values = pairs.flatMap(({ subject, limit }) => also.of(subject, limit) ?? [])
  const none = { p50: undefined, p99: undefined, serverCpu: undefined, databaseCpu: undefined, limitCpu: undefined }
  return values.length === 0 ? [] : [{ ...labels(also), ...ratios(values), ...none }]
}

const labels = ({ title, unit, limitIs, target }: Plan | Derived) => ({ title, unit, limitIs, target })

function ratios(values: readonly { readonly subject: number; readonly limit: number }[]) {
  const divisible = values.filter(({ limit }) => limit > 0)
  return {
    subject: spread(values.map(({ subject }) => subject)).median,
    limit: spread(values.map(({ limit }) => limit)).median,
    ratio: divisible.length === 0 ? undefined : spread(divisible.map(({ subject, limit }) => subject / limit)),
  }
}

function middle(pairs: readonly Pair[], of: (pair: Pair) => number | undefined): number | undefined {
  const values = pairs.flatMap((pair) => of(pair) ?? [])
  return values.length === 0 ? undefined : spread(values).median
}

/** Whether the median reaches the target; undefined where there is none. */
export const isReached = ({ target, ratio }: Pick<Line, 'target' | 'ratio'>): boolean | undefined =>
  target && ratio && (target.is === 'at least' ? ratio.median >= target.ratio : ratio.median <= target.ratio)

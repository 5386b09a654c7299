import type { Postgres } from '../../test/support/postgres.ts'
import type { PostgresCpu } from './cpu.ts'

/** What one measurement found. Times of processors are microseconds for each of whatever is counted, latencies milliseconds. */
export interface Measured {
  readonly value: number
  readonly p50?: number | undefined
  readonly p99?: number | undefined
  readonly serverCpu?: number | undefined
  readonly databaseCpu?: number | undefined
  /** KiB, where the value is of the heap. */
  readonly resident?: number | undefined
  /** Of an answer. */
  readonly bytes?: number | undefined
}

export interface Target {
  readonly is: 'at least' | 'at most'
  readonly ratio: number
}

/** A line of the table: something and its limit, measured one right after the other. */
export interface Plan {
  readonly title: string
  readonly unit: string
  readonly limitIs: string
  readonly target?: Target | undefined
  subject(): Promise<Measured>
  limit(): Promise<Measured>
  /** How often in each round, where one measurement is short and tells little. */
  readonly times?: number
  /** Further lines out of the same measurements. */
  readonly also?: readonly Derived[]
}

export interface Derived extends Pick<Plan, 'title' | 'unit' | 'limitIs' | 'target'> {
  of(subject: Measured, limit: Measured): { readonly subject: number; readonly limit: number } | undefined
}

export interface Prepared {
  readonly plans: readonly Plan[]
  close(): Promise<void>
}

/** How much of everything: the whole, or as little as proves that it runs. */
export interface Scale {
  readonly seconds: number
  readonly isSmoke: boolean
}

export interface Bench {
  readonly scale: Scale
  /** Opened when it is first needed. */
  postgres(): Promise<Postgres & { readonly cpu: PostgresCpu }>
  /** A folder for CPU profiles of the processes that are measured. */
  readonly profile: string | undefined
  say(progress: string): void
}

/** A theme of rows that share what was prepared for them. */
export interface Section {
  readonly name: string
  readonly explains: string
  /** As many rounds are enough, where each takes long and they hardly differ. */
  readonly rounds?: number
  prepare(bench: Bench): Promise<Prepared>
}

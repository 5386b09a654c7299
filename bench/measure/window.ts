import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from './child.ts'
import type { PostgresCpu } from './cpu.ts'
import type { Measured } from './plan.ts'

/** What a load has done since it was last asked. */
export interface Mark {
  readonly count: number
  readonly ms: number
  readonly p50?: number
  readonly p99?: number
}

export interface WindowOptions {
  /** Answers `begin`, `mark` and `end`. */
  readonly load: Child
  readonly begin: unknown
  readonly server: Child
  readonly database?: PostgresCpu | undefined
  readonly seconds: number
}

const WARM_UP_MS = 300
const PATIENCE_MS = 60_000

/** Puts a load on, lets it run in, and looks at one stretch of it. */
export async function measureWindow({ load, begin, server, database, seconds }: WindowOptions): Promise<Measured> {
  await load.ask('begin', begin)
  await pause(WARM_UP_MS)
  await load.ask('mark')
  const cpu = await server.ask<NodeJS.CpuUsage>('cpu')
  const databaseCpu = database?.()
  let [count, ms] = [0, 0]
  let last: Mark | undefined
  // What is slow is waited for, or there is nothing to divide by.
  while (count === 0) {
    await pause(seconds * 1_000)
    last = await load.ask<Mark>('mark')
    count += last.count
    ms += last.ms
    if (count === 0 && ms > PATIENCE_MS) throw new Error(`nothing came of ${JSON.stringify(begin).slice(0, 200)} in ${ms.toFixed(0)} ms`)
  }
  const after = await server.ask<NodeJS.CpuUsage>('cpu')
  const databaseAfter = database?.()
  await load.ask('end')
  return {
    value: count / (ms / 1_000),
    p50: last?.p50,
    p99: last?.p99,
    serverCpu: (after.user + after.system - cpu.user - cpu.system) / count,
    databaseCpu: databaseCpu === undefined ? undefined : (databaseAfter! - databaseCpu) / count,
  }
}

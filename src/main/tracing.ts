import { stopwatch, systemClock } from '../adapters/system/clock.ts'
import { random } from '../adapters/system/random.ts'
import type { Tracer } from '../adapters/tracing/tracer.ts'
import type { Config } from './config.ts'
import { version } from './version.ts'

const SERVICE = 'windi-chat'

/** The tracer that the settings select. It is loaded when it is switched on; undefined: nothing is traced. */
export async function openTracer({ tracesUrl, tracesShare }: Config, warn: (message: string) => void): Promise<Tracer | undefined> {
  if (tracesUrl === undefined) return undefined
  const { otlpTracer } = await import('../adapters/tracing/otlp.ts')
  const about = { endpoint: tracesUrl, service: SERVICE, version, ratio: tracesShare }
  return otlpTracer({ ...about, clock: systemClock, stopwatch, random, warn })
}

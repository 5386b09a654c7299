import { z } from 'zod'
import { isUrl, type Setting } from './setting.ts'

export interface TraceConfig {
  /** A collector of OpenTelemetry; undefined: no traces. */
  readonly tracesUrl: string | undefined
  /** The share of traces that are kept. */
  readonly tracesShare: number
}

/** About traces; the names are those of OpenTelemetry. */
export const traceSettings = {
  tracesUrl: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: z.string().refine((text) => isUrl(text, /^https?:\/\/./), 'is the http:// or https:// address of a collector'),
    example: 'http://localhost:4318',
    meaning: 'A collector that takes OTLP over HTTP; with it, traces are sent to `/v1/traces` below it.',
  },
  tracesShare: {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    schema: z
      .string()
      .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'is a share from 0 to 1')
      .transform(Number),
    fallback: '1',
    example: '0.1',
    meaning: 'The share of traces that are kept, of those whose `traceparent` does not say.',
  },
} as const satisfies Readonly<Record<keyof TraceConfig, Setting>>

/** Where a span stands: in which trace, below which span, and whether anybody wants to know. */
export interface Context {
  readonly traceId: string
  readonly spanId: string
  readonly isSampled: boolean
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Reads a `traceparent` (W3C Trace Context, level 1); undefined if it is none. */
export function parsed(header: string | undefined): Context | undefined {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header ?? '') ?? []
  if (traceId === undefined || spanId === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 }
}

export const written = ({ traceId, spanId, isSampled }: Context): string => `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`

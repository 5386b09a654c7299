/** What is known of a piece of work. Values hold nothing that a user wrote. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** A piece of work of which a trace tells. */
export interface Span {
  /** For a request to another service, in the form of W3C Trace Context. */
  readonly traceparent: string
  /** Adds what became known. */
  set(attributes: Attributes): void
  rename(name: string): void
  /** The work has failed, with this code. */
  fail(code: string): void
}

export interface SpanOptions {
  /** `server`: answers a request; `client`: makes one. */
  readonly kind?: 'server' | 'client' | 'internal'
  /** The `traceparent` of a request. Without it, the span belongs to the one in which it begins. */
  readonly parent?: string | undefined
}

/** Tells a collector where time goes. */
export interface Tracer {
  /** Runs work in a span. What the work rejects with is passed on, and the span has failed. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>
  /** Sends what is left. */
  close(): Promise<void>
}

/** The Content-Security-Policy of what is no document: shown as one, it loads nothing and stands in no frame. */
export const NO_DOCUMENT = "default-src 'none'; frame-ancestors 'none'"

/** What a call answers, whatever carries it. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  /** Bytes instead of a body: they are opened when they are sent. */
  readonly open?: () => Promise<AsyncIterable<Uint8Array> | undefined>
  readonly length?: number | undefined
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

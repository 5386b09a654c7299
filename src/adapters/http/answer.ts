/** What a call answers, whatever carries it. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  /** Bytes instead of a body: they are opened when they are sent. */
  readonly open?: () => Promise<AsyncIterable<Uint8Array> | undefined>
  readonly length?: number | undefined
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

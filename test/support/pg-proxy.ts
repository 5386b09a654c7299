import { tcpProxy } from './tcp-proxy.ts'

/** Stands between a client and Postgres, and cuts connections when it matters. */
export interface PgProxy extends AsyncDisposable {
  readonly url: string
  /**
   * Cuts the next connection that runs the prepared statement of this name: `before` Postgres sees it, or `after` it has answered, without
   * the client learning the answer.
   */
  cut(when: 'before' | 'after', statement: string): void
  /** How often it has cut. */
  cuts(): number
}

/** Whether what a client sends to Postgres runs the prepared statement of this purpose; a digest of its text may follow in its name. */
export const runs = (statement: string) => (bytes: Buffer) => bytes.includes(`\0${statement}\0`) || bytes.includes(`\0${statement}.`)

export async function pgProxy(target: string): Promise<PgProxy> {
  const proxy = await tcpProxy(target)
  let count = 0
  return {
    url: proxy.url,
    cut(when, statement) {
      void proxy.hold(when === 'before' ? 'request' : 'answer', runs(statement)).then(({ cut }) => {
        count++
        cut()
      })
    },
    cuts: () => count,
    [Symbol.asyncDispose]: proxy.close,
  }
}

import { abortable } from '../platform/abort.ts'
import type { Auth, TokenReason, TokenSource } from '../types.ts'

/** A token of no more use: it was refused, or is about to expire. */
export interface SpentToken {
  readonly token: string
  readonly reason: Exclude<TokenReason, 'first'>
}

/** Resolves with a token for the next call; with another one than that which is spent. */
export type GetToken = (spent?: SpentToken, signal?: AbortSignal) => Promise<string>

/** The tokens of an `Auth`, which keeps them itself. */
export const tokensOfAuth =
  ({ session, getToken }: Auth): GetToken =>
  (spent, signal) =>
    getToken({ signal, forceRefresh: spent !== undefined && (session.get()?.accessToken ?? spent.token) === spent.token })

/**
 * The tokens of a function, each kept until it expires, which the service says when a connection is authenticated, or is refused. One
 * call of the function is under way at a time.
 */
export function tokensOfSource(source: TokenSource, report: (error: unknown) => void): GetToken {
  let kept: string | undefined
  let pending: Promise<string> | undefined

  async function ask(reason: TokenReason): Promise<string> {
    try {
      const token: unknown = await source.getToken({ reason })
      if (typeof token !== 'string' || token === '') throw new TypeError('getToken must resolve with a token, a string that is not empty')
      kept = token
      return token
    } catch (error) {
      report(error)
      throw error
    }
  }

  return async (spent, signal) => {
    signal?.throwIfAborted()
    if (kept !== undefined && spent?.token !== kept) return kept
    pending ??= ask(kept === undefined ? 'first' : spent!.reason).finally(() => void (pending = undefined))
    return await abortable(pending, signal)
  }
}

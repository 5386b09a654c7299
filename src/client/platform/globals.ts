/** The little of an `AbortSignal` that is needed. */
interface SignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

interface ResponseLike {
  readonly ok: boolean
  readonly status: number
  text(): Promise<string>
}

// Types of the surroundings where they are declared, else the little of them that is needed: no `dom` is asked of anybody.

export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : SignalLike
export type Fetch = typeof globalThis extends { fetch: infer F } ? F : (url: string, init?: object) => Promise<ResponseLike>

import type { ServerFrame } from '../../adapters/wire/frames.ts'

/** What the network does wrong; to be changed at any time. */
export interface Faults {
  /** Every frame, call and answer takes from … up to … milliseconds. */
  latencyMs: readonly [number, number]
  /** How likely the service forgets to tell one event: 0 to 1. */
  eventLoss: number
  /** How likely an answer is lost although the command was carried out; on a socket that ends it. */
  answerLoss: number
  /** How likely a call that brings bytes is cut when only some of them have arrived. */
  cutBytes: number
  /** Nothing reaches the service, as if it had stopped. */
  isDown: boolean
}

/** What the service sees of one socket. */
export interface Peer {
  send(frame: ServerFrame): void
  close(code: number): void
}

/** What tabs of one browser share. */
export interface Shared {
  readonly locks: Map<string, Promise<unknown>>
  readonly channels: Map<string, Set<(message: unknown) => void>>
}

export interface FakeRequest {
  readonly method: string
  /** Below the base path. */
  readonly path: string
  readonly querystring: string
  readonly authorization: string
  readonly header: (name: string) => string
  readonly body: string | undefined
  /** A body of bytes. */
  readonly bytes: FakeBytes | undefined
}

export interface FakeBytes {
  /** As announced. */
  readonly length: number
  readonly arrived: Uint8Array
}

export interface FakeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string | Uint8Array<ArrayBuffer>
  /** So much later than any other answer. */
  readonly lateMs?: number
}

export interface NetworkNeeds {
  readonly faults: Faults
  now(): number
  later(ms: number, callback: () => void): () => void
  random(): number
  newId(): string
  readonly shared: Shared
  answer(request: FakeRequest): Promise<FakeAnswer>
  open(peer: Peer): { receive(text: string): void; ended(): void }
}

/** How long one way takes, another time for each call and frame. */
export const delayOf = ({ faults: { latencyMs }, random }: NetworkNeeds): number =>
  latencyMs[0] + Math.floor(random() * (latencyMs[1] - latencyMs[0] + 1))

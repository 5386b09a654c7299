import { isRefusal, type Refusal } from '../../domain/refusal.ts'
import { problem, problemOf, type WireCode } from '../wire/problems.ts'
import type { CloseCode } from './closing.ts'
import type { Outgoing } from './outgoing.ts'
import { hangUp, type SocketState } from './socket-state.ts'

/** The frame that was refused: its number on this socket, and its type where it is known. */
export interface Refused {
  readonly ref: string | null
  readonly number: number
  readonly type?: string | undefined
}

/** How a socket hears that something failed, and how it ends. */
export interface Endings {
  /** Sends an `error` frame. Reports what is not a refusal as a defect. */
  refuse(state: SocketState, refused: Refused, thrown: unknown): void
  /** Closes a socket with a code, after an `error` frame if there is a reason. */
  close(state: SocketState, code: CloseCode, why?: Refusal): void
}

export interface EndingsNeeds {
  readonly out: Pick<Outgoing, 'send' | 'finish'>
  /** Reports an error that is not a refusal. */
  readonly defect: (error: unknown, facts: { readonly request_id: string; readonly frame?: string }) => void
}

export const endings = ({ out, defect }: EndingsNeeds): Endings => ({
  refuse(state, { ref, number, type }, thrown) {
    const requestId = `${state.id}:${number}`
    const isExpected = isRefusal(thrown) || typeof thrown === 'string'
    if (!isExpected) defect(thrown, { request_id: requestId, ...(type !== undefined && { frame: type }) })
    out.send(state, {
      type: 'error',
      ref,
      problem: typeof thrown === 'string' ? problem(thrown as WireCode, requestId) : problemOf(thrown, requestId),
    })
  },
  close(state, code, why) {
    if (state.isOver) return
    out.finish(state, why && { type: 'error', ref: null, problem: problem(why, `${state.id}:${state.count}`) })
    hangUp(state)
    state.ws.resume()
    state.ws.close(code)
  },
})

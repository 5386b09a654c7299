import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { ServerFrame } from '../../adapters/wire/frames.ts'
import { limits } from '../../adapters/wire/limits.ts'
import { parseFrame } from '../../adapters/wire/parse/frame.ts'
import { presentDelivery } from '../../adapters/wire/present/frames.ts'
import { problem } from '../../adapters/wire/problems.ts'
import { lookAfter } from '../../adapters/ws/beat.ts'
import { closeAfter } from '../../adapters/ws/closing.ts'
import { type Conversation, type ConversationNeeds, conversation } from '../../adapters/ws/conversation.ts'
import type { Outgoing } from '../../adapters/ws/outgoing.ts'
import { hangUp, newSocketState, type SocketState } from '../../adapters/ws/socket-state.ts'
import type { Peer } from '../../client/testing/needs.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Surroundings } from './ports.ts'

const ADDRESS = 'somewhere'

type Needs = Omit<ConversationNeeds, 'out' | 'defect' | 'epoch' | 'clock' | 'perPerson'> &
  Surroundings & {
    /** A refusal that a test has asked for. */
    planned(type: string): Refusal | undefined
  }

/** The conversations as WebSocket has them, without WebSocket: whatever is said is heard at once, and nobody reads slowly. */
export function testingSockets(needs: Needs) {
  const { now, later, random, newId, heartbeatMs, planned } = needs
  const states = new Map<SocketState, Peer>()
  const send = (state: SocketState, frame: ServerFrame) => states.get(state)?.send(frame)
  const out: Outgoing = {
    deliver: (state, delivery) => send(state, presentDelivery(delivery, state.caller!.userId)),
    send,
    sendFirst: send,
    ping() {},
    pong() {},
    finish: (state, last) => last && send(state, last),
    room: async () => {},
  }
  const begun = () =>
    conversation({
      ...needs,
      out,
      clock: now,
      epoch: needs.epoch(),
      perPerson: Number.POSITIVE_INFINITY,
      defect: (error) => {
        throw error
      },
    })

  function keepWatch(talk: Conversation, state: SocketState): void {
    later(Math.min(state.believedUntil, state.nextBeatAt) - now(), () => {
      lookAfter({ out, close: talk.close, renew: talk.renew, heartbeatMs }, state, now())
      if (!state.isOver) keepWatch(talk, state)
    })
  }

  return {
    /** A socket has opened. Answers what it says from now on, and its end. */
    open(peer: Peer): { receive(text: string): void; ended(): void } {
      const talk = begun()
      let bytes = 0
      const state = newSocketState({
        id: newId(),
        ws: { pause() {}, resume() {}, close: (code: number) => peer.close(code) } as unknown as WebSocket,
        address: ADDRESS,
        // Whoever is silent has nothing to send: the network tells of every end.
        socket: {
          get bytesRead() {
            return ++bytes
          },
        } as Socket,
        believedUntil: now() + limits.authorize_ms,
        nextBeatAt: now() + Math.ceil(heartbeatMs * random()),
      })
      states.set(state, peer)
      keepWatch(talk, state)
      void talk.greet(state, { address: ADDRESS, authorization: undefined, actAs: undefined })
      return {
        receive(text) {
          const { frame } = { frame: undefined, ...parseFrame(text) }
          const refusal = frame && planned(frame.type)
          if (state.isOver) return
          if (!refusal) return talk.take(state, text)
          send(state, { type: 'error', ref: frame.ref ?? null, problem: problem(refusal, state.id) })
          const code = frame.type === 'authorize' ? closeAfter(refusal) : undefined
          if (code !== undefined) talk.close(state, code)
        },
        ended() {
          hangUp(state)
          states.delete(state)
        },
      }
    },
    /** To one person's sockets, or to all. */
    send(frame: ServerFrame, userId?: string): void {
      for (const [state, peer] of states) if (userId === undefined || state.caller?.userId === userId) peer.send(frame)
    },
    close(code: number): void {
      for (const [state, peer] of states) {
        hangUp(state)
        peer.close(code)
      }
    },
  }
}

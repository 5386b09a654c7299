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
import { hangUp, type Line, newLine } from '../../adapters/ws/line.ts'
import type { Outgoing } from '../../adapters/ws/outgoing.ts'
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
  const lines = new Map<Line, Peer>()
  const say = (line: Line, frame: ServerFrame) => lines.get(line)?.send(frame)
  const out: Outgoing = {
    deliver: (line, delivery) => say(line, presentDelivery(delivery, line.caller!.userId)),
    say,
    sayFirst: say,
    ping() {},
    pong() {},
    finish: (line, last) => last && say(line, last),
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

  function keepWatch(talk: Conversation, line: Line): void {
    later(Math.min(line.believedUntil, line.nextBeatAt) - now(), () => {
      lookAfter({ out, close: talk.close, renew: talk.renew, heartbeatMs }, line, now())
      if (!line.isOver) keepWatch(talk, line)
    })
  }

  return {
    /** A socket has opened. Answers what it says from now on, and its end. */
    open(peer: Peer): { hear(text: string): void; ended(): void } {
      const talk = begun()
      let bytes = 0
      const line = newLine({
        id: newId(),
        ws: { pause() {}, resume() {}, close: (code: number) => peer.close(code) } as unknown as WebSocket,
        address: ADDRESS,
        // Whoever is silent has nothing to say: the network tells of every end.
        socket: {
          get bytesRead() {
            return ++bytes
          },
        } as Socket,
        believedUntil: now() + limits.authorize_ms,
        nextBeatAt: now() + Math.ceil(heartbeatMs * random()),
      })
      lines.set(line, peer)
      keepWatch(talk, line)
      void talk.greet(line, { address: ADDRESS, authorization: undefined, actAs: undefined })
      return {
        hear(text) {
          const { frame } = { frame: undefined, ...parseFrame(text) }
          const refusal = frame && planned(frame.type)
          if (line.isOver) return
          if (!refusal) return talk.take(line, text)
          say(line, { type: 'error', ref: frame.ref ?? null, problem: problem(refusal, line.id) })
          const code = frame.type === 'authorize' ? closeAfter(refusal) : undefined
          if (code !== undefined) talk.close(line, code)
        },
        ended() {
          hangUp(line)
          lines.delete(line)
        },
      }
    },
    /** To one person's sockets, or to all. */
    say(frame: ServerFrame, userId?: string): void {
      for (const [line, peer] of lines) if (userId === undefined || line.caller?.userId === userId) peer.send(frame)
    },
    close(code: number): void {
      for (const [line, peer] of lines) {
        hangUp(line)
        peer.close(code)
      }
    },
  }
}

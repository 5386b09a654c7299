import type { RateLimiter } from '../../application/ports/limiter.ts'
import type { ClientFrame } from '../wire/frames.ts'
import type { FrameHandlers } from '../wire/handlers.ts'
import { closeAfter } from './closing.ts'
import type { Endings } from './endings.ts'
import { framePoints } from './frame-points.ts'
import type { Outgoing } from './outgoing.ts'
import type { KnownSocket } from './socket-state.ts'
import { enter, type Job, leave, type Manner } from './turns.ts'

export interface CommandsNeeds extends Endings {
  readonly handlers: FrameHandlers<KnownSocket>
  readonly limiter: RateLimiter
  readonly out: Pick<Outgoing, 'send'>
  /** Called when a command has been answered, so that there is room for another one. */
  readonly answered: (state: KnownSocket) => void
}

/** Returns a function that carries out commands: those of one socket for one chat one after another, and answers each that has a `ref`. */
export function commands({ handlers, limiter, out, refuse, close, answered }: CommandsNeeds): (state: KnownSocket, job: Job) => void {
  function begin(state: KnownSocket, job: Job): void {
    const { frame, number } = job
    const { type, ref } = frame
    handled(state, frame).then(
      (result) => {
        if (ref !== undefined) out.send(state, { type: 'ok', ref, result })
        done(state, job)
      },
      (thrown: unknown) => {
        refuse(state, { ref: ref ?? null, number, type }, thrown)
        const code = type === 'authorize' ? closeAfter(thrown) : undefined
        if (code !== undefined) close(state, code)
        done(state, job)
      },
    )
  }

  /** Counts frames that are not calls of the API. */
  function handled(state: KnownSocket, frame: ClientFrame): Promise<Record<string, unknown>> {
    const handle = handlers[frame.type] as (state: KnownSocket, frame: ClientFrame) => Promise<Record<string, unknown>>
    const points = framePoints[frame.type]
    return points === 0 ? handle(state, frame) : counted(state, points).then(() => handle(state, frame))
  }
  const counted = async ({ caller }: KnownSocket, points: number) => limiter.admit('frame', caller.userId, points)

  function done(state: KnownSocket, job: Job): void {
    state.inWork--
    if (mannerOf(job) === 'apart') state.apart--
    const name = turnOf(job.frame)
    const next = name !== undefined && state.turns ? leave(state.turns, name, job, mannerOf) : []
    if (state.turns?.size === 0) state.turns = undefined
    if (state.isLeaving && state.inWork === 0) return close(state, 4000)
    for (const other of next) begin(state, other)
    answered(state)
  }

  return (state, job) => {
    state.inWork++
    if (mannerOf(job) === 'apart') state.apart++
    const name = turnOf(job.frame)
    if (name === undefined || enter((state.turns ??= new Map()), name, job, mannerOf)) begin(state, job)
  }
}

const manners: { readonly [T in ClientFrame['type']]?: Manner } = {
  send_message: 'send',
  // In large chats their answers come after a second.
  add_reaction: 'apart',
  remove_reaction: 'apart',
}
const mannerOf = ({ frame }: Job): Manner => manners[frame.type] ?? 'alone'

/** Returns what names the turn of a command: its chat, or the user whom it writes to. Undefined: it waits for no other command. */
function turnOf(frame: ClientFrame): string | undefined {
  if ('chat_id' in frame) return frame.chat_id
  return 'user_id' in frame ? `user ${frame.user_id}` : undefined
}

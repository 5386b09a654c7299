import type { RateLimiter } from '../../application/ports/limiter.ts'
import type { ClientFrame } from '../wire/frames.ts'
import type { FrameHandlers } from '../wire/handlers.ts'
import { closeAfter } from './closing.ts'
import type { Endings } from './endings.ts'
import { framePoints } from './frame-points.ts'
import type { KnownLine } from './line.ts'
import type { Outgoing } from './outgoing.ts'
import { enter, type Job, leave, type Manner } from './turns.ts'

export interface CommandsNeeds extends Endings {
  readonly handlers: FrameHandlers<KnownLine>
  readonly limiter: RateLimiter
  readonly out: Pick<Outgoing, 'say'>
  /** Called when a command has been answered, so that there is room for another one. */
  readonly answered: (line: KnownLine) => void
}

/** Returns a function that carries out commands: those of one socket for one chat one after another, and answers each that has a `ref`. */
export function commands({ handlers, limiter, out, refuse, close, answered }: CommandsNeeds): (line: KnownLine, job: Job) => void {
  function begin(line: KnownLine, job: Job): void {
    const { frame, number } = job
    const { type, ref } = frame
    const handle = handlers[type] as (line: KnownLine, frame: ClientFrame) => Promise<Record<string, unknown>>
    admitted(line, frame, () => handle(line, frame)).then(
      (result) => {
        if (ref !== undefined) out.say(line, { type: 'ok', ref, result })
        done(line, job)
      },
      (thrown: unknown) => {
        refuse(line, { ref: ref ?? null, number, type }, thrown)
        const code = type === 'authorize' ? closeAfter(thrown) : undefined
        if (code !== undefined) close(line, code)
        done(line, job)
      },
    )
  }

  /** Counts frames that are not calls of the API. */
  async function admitted<R>({ caller }: KnownLine, { type }: ClientFrame, handle: () => Promise<R>): Promise<R> {
    const points = framePoints[type]
    if (points > 0) await limiter.admit('frame', caller.userId, points)
    return handle()
  }

  function done(line: KnownLine, job: Job): void {
    line.inWork--
    if (mannerOf(job) === 'apart') line.apart--
    const name = turnOf(job.frame)
    const next = name !== undefined && line.turns ? leave(line.turns, name, job, mannerOf) : []
    if (line.turns?.size === 0) line.turns = undefined
    if (line.isLeaving && line.inWork === 0) return close(line, 4000)
    for (const other of next) begin(line, other)
    answered(line)
  }

  return (line, job) => {
    line.inWork++
    if (mannerOf(job) === 'apart') line.apart++
    const name = turnOf(job.frame)
    if (name === undefined || enter((line.turns ??= new Map()), name, job, mannerOf)) begin(line, job)
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

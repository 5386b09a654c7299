import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Bytes that reach the parser before reading can stop, at most. The shortest request has 27. */
const SLICE_BYTES = 1_024
/** Requests that wait on one connection, at most. A connection with more is cut. */
const WAITING = 512

interface Turns {
  isTaken: boolean
  readonly waiting: (() => void)[]
}

const turnsOf = new WeakMap<Socket, Turns>()

/**
 * Bounds the requests that one connection has under way (pipelining, RFC 9112 §9.3.2). Node gives the parser whole chunks of up to 64 KiB,
 * which hold 2,400 requests, whether the client reads the answers or not. Here the parser gets slices, and reading stops while a request waits.
 */
export function readInSlices(socket: Socket): Turns {
  const known = turnsOf.get(socket)
  if (known) return known
  const turns: Turns = { isTaken: false, waiting: [] }
  turnsOf.set(socket, turns)
  const push = socket.push.bind(socket)
  socket.push = (chunk: Buffer | null) => {
    let rest = chunk
    for (; rest !== null && rest.length > SLICE_BYTES; rest = rest.subarray(SLICE_BYTES)) push(rest.subarray(0, SLICE_BYTES))
    return push(rest)
  }
  // The parser's own listener comes first, and resumes reading after each message.
  socket.on('data', () => {
    if (turns.waiting.length > 0) socket.pause()
  })
  return turns
}

/** Answers the requests of each connection one after another: the next one when the client's network has taken the answer before it. */
export const oneByOne =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    const { socket } = request
    const turns = readInSlices(socket)
    const begin = () => answered(answer, request, response, () => next(turns, socket))
    if (!turns.isTaken) {
      turns.isTaken = true
      return begin()
    }
    if (turns.waiting.push(begin) > WAITING) socket.destroy()
  }

function answered(answer: RequestListener, request: IncomingMessage, response: ServerResponse, over: () => void): void {
  response.once('close', over)
  answer(request, response)
}

function next(turns: Turns, socket: Socket): void {
  if (socket.destroyed) turns.waiting.length = 0
  const begin = turns.waiting.shift()
  turns.isTaken = begin !== undefined
  if (turns.waiting.length === 0) socket.resume()
  begin?.()
}

import { answering } from '../measure/child.ts'
import { openPosting, type Posting, post } from '../measure/posting.ts'
import { tally } from './closed-loop.ts'
import type { OpenSockets } from './socket-load.ts'

export interface BeginOverload {
  /** Requests per second, whatever comes of those before. */
  readonly rate: number
}

const TICK_MS = 2

let clients: Posting[] = []
let free: Posting[] = []
let timer: NodeJS.Timeout | undefined
let failure: string | undefined
/** Counts what was accepted; the latencies are those of refusals. */
let done = tally()

function heard(client: Posting, status: string, text: string): void {
  if (status === '201') done.count()
  else if (status === '503') done.took(client.sentAt)
  else failure ??= text
  free.push(client)
}

answering({
  async open({ port, seats }: OpenSockets) {
    clients = await Promise.all(seats.map((seat) => openPosting(port, seat, heard)))
    free = [...clients]
  },
  begin({ rate }: BeginOverload) {
    done = tally()
    let last = performance.now()
    let due = 0
    timer = setInterval(() => {
      const now = performance.now()
      // What finds no free connection is lost: a client that waits for its answer asks for nothing else.
      due = Math.min(due + (rate * (now - last)) / 1_000, clients.length)
      last = now
      for (; due >= 1 && free.length > 0; due--) post(free.shift()!)
    }, TICK_MS)
  },
  mark() {
    if (failure) throw new Error(failure)
    return done.mark()
  },
  async end() {
    clearInterval(timer)
    while (free.length < clients.length) await new Promise((resolve) => setTimeout(resolve, 20))
  },
  close() {
    for (const { socket } of clients) socket.destroy()
    clients = []
  },
})

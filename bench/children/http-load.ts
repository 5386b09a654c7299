import { answering } from '../measure/child.ts'
import { openPosting, type Posting, post } from '../measure/posting.ts'
import { tally } from './closed-loop.ts'
import type { OpenSockets } from './socket-load.ts'

let clients: Posting[] = []
let isOn = false
let underWay = 0
let failure: string | undefined
let done = tally()

function begin(client: Posting): void {
  underWay++
  post(client)
}

function heard(client: Posting, status: string, text: string): void {
  if (status !== '201') failure ??= text
  underWay--
  done.count()
  done.took(client.sentAt)
  if (isOn) begin(client)
}

answering({
  async open({ port, seats }: OpenSockets) {
    clients = await Promise.all(seats.map((seat) => openPosting(port, seat, heard)))
  },
  begin() {
    isOn = true
    done = tally()
    for (const client of clients) begin(client)
  },
  mark() {
    if (failure) throw new Error(failure)
    return done.mark()
  },
  async end() {
    isOn = false
    while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  },
  close() {
    for (const { socket } of clients) socket.destroy()
    clients = []
  },
})

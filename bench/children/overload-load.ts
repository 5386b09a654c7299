import { connect, type Socket } from 'node:net'
import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'
import type { OpenSockets, Seat } from './socket-load.ts'

export interface BeginOverload {
  /** Requests per second, whatever comes of those before. */
  readonly rate: number
}

interface Client {
  readonly seat: Seat
  readonly socket: Socket
  sentAt: number
  rest: string
}

const TICK_MS = 2

let clients: Client[] = []
let free: Client[] = []
let timer: NodeJS.Timeout | undefined
let failure: string | undefined
/** Counts what was accepted; the latencies are those of refusals. */
let done = tally()
const nextKey = keys()

function post(client: Client): void {
  const { seat, socket } = client
  const body = `{"client_message_id":"${nextKey()}","text":"${TEXT}"}`
  client.sentAt = performance.now()
  socket.write(
    `POST /api/v1/chats/${seat.chatId}/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${seat.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function heard(client: Client, bytes: Buffer): void {
  client.rest += bytes.toString('latin1')
  const head = client.rest.indexOf('\r\n\r\n')
  if (head < 0) return
  const length = Number(/content-length: (\d+)/i.exec(client.rest.slice(0, head))?.[1])
  if (client.rest.length < head + 4 + length) return
  const status = client.rest.slice(9, 12)
  if (status === '201') done.count()
  else if (status === '503') done.took(client.sentAt)
  else failure ??= client.rest
  client.rest = ''
  free.push(client)
}

async function open(port: number, seat: Seat): Promise<Client> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }, resolve)
  socket.on('error', reject)
  await promise
  const client = { seat, socket, sentAt: 0, rest: '' }
  socket.on('data', (bytes) => heard(client, bytes))
  return client
}

answering({
  async open({ port, seats }: OpenSockets) {
    clients = await Promise.all(seats.map((seat) => open(port, seat)))
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

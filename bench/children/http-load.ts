import { connect, type Socket } from 'node:net'
import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'
import type { OpenSockets, Seat } from './socket-load.ts'

/** One connection that is kept, one request at a time. */
interface Client {
  readonly seat: Seat
  readonly socket: Socket
  sentAt: number
  rest: string
}

let clients: Client[] = []
let isOn = false
let underWay = 0
let failure: string | undefined
let done = tally()
const nextKey = keys()

function post(client: Client): void {
  const { seat, socket } = client
  const body = `{"client_message_id":"${nextKey()}","text":"${TEXT}"}`
  client.sentAt = performance.now()
  underWay++
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
  if (!client.rest.startsWith('201', 9)) failure ??= client.rest
  client.rest = ''
  underWay--
  done.count()
  done.took(client.sentAt)
  if (isOn) post(client)
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
  },
  begin() {
    isOn = true
    done = tally()
    for (const client of clients) post(client)
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

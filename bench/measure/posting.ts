import { connect, type Socket } from 'node:net'
import { keys, TEXT } from '../children/closed-loop.ts'
import type { Seat } from '../children/socket-load.ts'

/** One connection that is kept, one request at a time. */
export interface Posting {
  readonly seat: Seat
  readonly socket: Socket
  sentAt: number
  rest: string
}

const nextKey = keys()

/** Sends one message over HTTP. */
export function post(client: Posting): void {
  const { seat, socket } = client
  const body = `{"client_message_id":"${nextKey()}","text":"${TEXT}"}`
  client.sentAt = performance.now()
  socket.write(
    `POST /api/v1/chats/${seat.chatId}/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${seat.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** Opens a connection. `answered` is called with the status and the text of each whole answer. */
export async function openPosting(
  port: number,
  seat: Seat,
  answered: (client: Posting, status: string, text: string) => void,
): Promise<Posting> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }, resolve)
  socket.on('error', reject)
  await promise
  const client: Posting = { seat, socket, sentAt: 0, rest: '' }
  socket.on('data', (bytes) => {
    client.rest += bytes.toString('latin1')
    const head = client.rest.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/content-length: (\d+)/i.exec(client.rest.slice(0, head))?.[1])
    if (client.rest.length < head + 4 + length) return
    const text = client.rest
    client.rest = ''
    answered(client, text.slice(9, 12), text)
  })
  return client
}

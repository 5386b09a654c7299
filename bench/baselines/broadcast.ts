import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { textFrame } from '../../src/adapters/ws/text-frame.ts'
import { answering } from '../measure/child.ts'

/**
 * The least that a server can do with sockets: for every frame that comes from one, all get the same bytes, each by a `ws.send`; or, where it
 * batches, those of one turn of the event loop in one write.
 */
let payload = Buffer.alloc(0)
let isBatching = false
let frame: Buffer = Buffer.alloc(0)
let due = 0
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('error', () => {})
  socket.on('message', () => {
    if (!isBatching) for (const client of server.clients) client.send(payload, { binary: false })
    else if (due++ === 0) setImmediate(sendDue)
  })
})

function sendDue(): void {
  const bytes = Buffer.concat(Array.from({ length: due }, () => frame))
  due = 0
  for (const client of server.clients) (client as unknown as { readonly _socket: Socket })._socket.write(bytes)
}

answering({
  async start({ bytes, batches = false }: { bytes: number; batches?: boolean }) {
    payload = Buffer.alloc(bytes, 'x')
    isBatching = batches
    frame = textFrame(payload.toString())
    await new Promise<void>((resolve) => void http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve))
    return (http.address() as AddressInfo).port
  },
})

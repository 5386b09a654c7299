import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { answering } from '../measure/child.ts'

/** The least a server can do with sockets: whatever comes from one, all are sent the same bytes, each by a `ws.send`. */
let payload = Buffer.alloc(0)
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('error', () => {})
  socket.on('message', () => {
    for (const client of server.clients) client.send(payload, { binary: false })
  })
})

answering({
  async start({ bytes }: { bytes: number }) {
    payload = Buffer.alloc(bytes, 'x')
    await new Promise<void>((resolve) => void http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve))
    return (http.address() as AddressInfo).port
  },
})

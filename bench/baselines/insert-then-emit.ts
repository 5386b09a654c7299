import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { answering } from '../measure/child.ts'
import { PgPool } from './drivers.ts'

/** What a chat server is in its first week: insert a row, then send it to everybody. No keys, no members, no order but that of arrival. */
interface Frame {
  readonly type: string
  readonly ref?: string
  readonly token?: string
  readonly chat_id?: string
  readonly client_message_id?: string
  readonly text?: string
}

answering({
  async start({ databaseUrl }: { databaseUrl: string }) {
    const pool = new PgPool({ connectionString: databaseUrl, max: 8 })
    await pool.query(
      'create table if not exists plain (id bigserial primary key, chat_id text, sender_id text, text text, at timestamptz default now())',
    )
    const text = 'insert into plain (chat_id, sender_id, text) values ($1, $2, $3) returning id, at'
    const people = new Map<WebSocket, string>()
    const http = createServer()
    const server = new WebSocketServer({ server: http, perMessageDeflate: false })

    async function take(socket: WebSocket, frame: Frame): Promise<void> {
      if (frame.type === 'authorize') people.set(socket, frame.token!)
      if (frame.type === 'send_message') {
        const sender = people.get(socket)!
        const { rows } = await pool.query({ name: 'insert', text, values: [frame.chat_id, sender, frame.text] })
        const event = {
          chat_id: frame.chat_id,
          seq: rows[0]!.id,
          at: rows[0]!.at,
          actor_id: sender,
          type: 'message.sent',
          text: frame.text,
        }
        const told = JSON.stringify({ type: 'event', event })
        for (const client of people.keys()) client.send(told)
      }
      if (frame.ref !== undefined) socket.send(JSON.stringify({ type: 'ok', ref: frame.ref, result: {} }))
    }
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (data: Buffer) => void take(socket, JSON.parse(data.toString()) as Frame))
    })
    await new Promise<void>((resolve) => void http.listen({ port: 0, host: '127.0.0.1' }, resolve))
    return (http.address() as AddressInfo).port
  },
})

import { httpClient } from '../support/http-client.ts'
import { connect, type SocketClient } from '../support/socket-client.ts'
import { type Actor, type Driver, freshKey } from './actor.ts'
import { httpActor, wireSaid } from './http.ts'

/** The frames over WebSocket, and calls over HTTP for what has no frame. */
export function overSockets(url: string): Driver {
  const client = httpClient(url)
  const open: SocketClient[] = []
  return {
    async person(name) {
      const me = await client.register(name)
      const socket = await connect(url, { token: me.token })
      open.push(socket)
      await socket.resume()
      return socketActor(socket, httpActor(me, name))
    },
    async close() {
      await Promise.all(open.map((socket) => socket.close()))
    },
  }
}

const socketActor = (socket: SocketClient, other: Actor): Actor => {
  const send = async (to: { chat_id: string } | { user_id: string }, text: string, key: string, replyTo?: string) => {
    const members = { ...to, client_message_id: key, text, ...(replyTo !== undefined && { reply_to: replyTo }) }
    const { message, replayed } = await socket.get('send_message', members)
    return { ...wireSaid(message), isReplay: replayed }
  }
  return {
    ...other,
    writesTo: (person, text, key = freshKey()) => send({ user_id: person.id }, text, key),
    says: (chat, text, key = freshKey(), replyTo) => send({ chat_id: chat }, text, key, replyTo),
    async edits({ chat, id }, text, version) {
      await socket.get('edit_message', { chat_id: chat, message_id: id, text, ...(version !== undefined && { version }) })
    },
    async deletes({ chat, id }) {
      await socket.get('delete_message', { chat_id: chat, message_id: id })
    },
    async reads(chat, seq) {
      const { read_seq: readSeq, unread } = await socket.get('mark_read', { chat_id: chat, seq })
      return { readSeq, unread }
    },
    async log(chat) {
      const { events } = await socket.get('fetch', { chat_id: chat, after: 0, limit: 100 })
      return events.map(({ seq, type }) => ({ seq, type }))
    },
  }
}

import type { Chat } from '../../src/adapters/wire/schemas/chats.ts'
import type { Message } from '../../src/adapters/wire/schemas/messages.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Actor, type Driver, freshKey, type Said } from './actor.ts'

type List<T> = { readonly items: readonly T[] }

/** The calls over HTTP. */
export function overHttp(url: string, fetch = globalThis.fetch): Driver {
  const client = httpClient(url, fetch)
  return {
    async person(name) {
      return httpActor(await client.register(name), name)
    },
    close: async () => {},
  }
}

export const wireSaid = (message: Message): Said => ({
  id: message.id,
  chat: message.chat_id,
  seq: message.seq,
  text: message.text,
  by: message.sender.id,
  version: message.version,
  isDeleted: message.deleted_at !== null,
  isRead: message.read,
})

export function httpActor(me: SignedInClient, name: string): Actor {
  async function ask<T>(method: string, path: string, body?: unknown) {
    const reply = await me.call<T & { readonly code?: string }>(method, path, body)
    if (reply.status >= 400) throw new Error(reply.body.code)
    return reply
  }
  const content = (text: string, key: string, replyTo?: string) => ({
    client_message_id: key,
    text,
    ...(replyTo !== undefined && { reply_to: replyTo }),
  })
  const send = async (path: string, body: object) => {
    const { status, headers, body: message } = await ask<Message>('post', path, body)
    const isReplay = headers.get('idempotency-replayed') === 'true'
    if (isReplay !== (status === 200)) throw new Error(`answers ${status} and says replayed: ${isReplay}`)
    return { ...wireSaid(message), isReplay }
  }
  const listed = async <T>(path: string) => (await ask<List<T>>('get', path)).body.items
  const ids = (others: readonly Actor[]) => others.map(({ id }) => id)
  const at = (message: Said) => `/chats/${message.chat}/messages/${message.id}`
  return {
    id: me.id,
    name,
    writesTo: (other, text, key = freshKey()) => send(`/users/${other.id}/messages`, content(text, key)),
    says: (chat, text, key = freshKey(), replyTo) => send(`/chats/${chat}/messages`, content(text, key, replyTo)),
    async edits(message, text, version) {
      await ask('patch', at(message), { text, ...(version !== undefined && { version }) })
    },
    async deletes(message) {
      await ask('delete', at(message))
    },
    async reads(chat, seq) {
      const { body } = await ask<{ read_seq: number; unread: number; chat_id: string }>('post', `/chats/${chat}/read`, { seq })
      return { readSeq: body.read_seq, unread: body.unread }
    },
    history: async (chat) => (await listed<Message>(`/chats/${chat}/messages?limit=100`)).map(wireSaid),
    log: async (chat) =>
      (await listed<{ seq: number; type: string }>(`/chats/${chat}/events?after=0&limit=100`)).map(({ seq, type }) => ({ seq, type })),
    opens: async (other) => (await ask<Chat>('post', '/chats', { kind: 'private', user_id: other.id })).body.id,
    async founds(title, others, key) {
      const body = { kind: 'group', name: title, member_ids: ids(others), ...(key !== undefined && { client_chat_id: key }) }
      return (await ask<Chat>('post', '/chats', body)).body.id
    },
    async renames(chat, title) {
      await ask('patch', `/chats/${chat}`, { name: title })
    },
    async adds(chat, others) {
      const { body } = await ask<{ added: { user: { id: string } }[] }>('post', `/chats/${chat}/members`, { user_ids: ids(others) })
      return body.added.map(({ user }) => user.id)
    },
    async removes(chat, others) {
      const [only, ...more] = ids(others)
      if (more.length === 0) await ask('delete', `/chats/${chat}/members/${only}`)
      else
        await ask(
          'delete',
          `/chats/${chat}/members?${ids(others)
            .map((id) => `user_id=${id}`)
            .join('&')}`,
        )
    },
    async gives(chat, other, role) {
      await ask('patch', `/chats/${chat}/members/${other.id}`, { role })
    },
    async disbands(chat) {
      await ask('delete', `/chats/${chat}`)
    },
    members: async (chat) =>
      (await listed<{ user: { id: string }; role: string }>(`/chats/${chat}/members?limit=100`)).map(({ user, role }) => ({
        id: user.id,
        role,
      })),
    async chats(query) {
      const items = await listed<Chat>(`/chats?limit=100${query === undefined ? '' : `&query=${encodeURIComponent(query)}`}`)
      return items.map(({ id, unread, last_message: last }) => ({ id, unread, last: last === null ? undefined : last.text }))
    },
    finds: async (query) => (await listed<{ id: string }>(`/users?limit=100&query=${encodeURIComponent(query)}`)).map(({ id }) => id),
    searches: async (query) =>
      (await listed<Message>(`/messages?limit=100&query=${encodeURIComponent(query)}`)).map(({ text }) => text ?? ''),
  }
}

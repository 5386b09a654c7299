import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { type ChatClient, createAuth, createChat, isProblem, type Message, type Platform, type SendHandle } from '../../src/client/index.ts'
import { httpClient } from '../support/http-client.ts'
import { eventually } from '../support/waiting.ts'
import { type Actor, type Driver, freshKey, type Said } from './actor.ts'
import { httpActor } from './http.ts'

/**
 * The client: everything that it can do is done by it, and what it shows has to come to be what the service answers over HTTP. What it
 * has no word for is called directly.
 */
export function overClient(url: string, platform: Partial<Platform> = { WebSocket }): Driver {
  const http = httpClient(url, platform.fetch)
  const clients: ChatClient[] = []
  return {
    async person(name) {
      const me = await http.register(name)
      const auth = createAuth({ url, platform })
      await auth.login({ login: me.session.user.username!, password: me.password })
      const client = createChat({ url, auth, platform })
      clients.push(client)
      client.start()
      await eventually(() => expect(client.connection.get().status).toBe('online'))
      return clientActor(client, httpActor(me, name))
    },
    async close() {
      for (const client of clients) client.close()
    },
  }
}

const said = ({ id, chatId, seq, text, sender, version, deletedAt }: Message, isRead = false): Said => ({
  id,
  chat: chatId,
  seq,
  text: text ?? null,
  by: sender.id,
  version,
  isDeleted: deletedAt !== undefined,
  isRead,
})

/** Refusals by their code. */
const by = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw isProblem(error) ? new Error(error.code) : error
  })

function clientActor(client: ChatClient, other: Actor): Actor {
  const known = new Set<SendHandle>()
  const stored = new Set<string>()

  async function says(chat: string, text: string, key = freshKey(), replyTo?: string) {
    const handle = client.chat(chat).send(text, { key, replyTo })
    const isFirst = !known.has(handle)
    known.add(handle)
    const state = await handle.settled()
    if (state.status === 'failed') {
      handle.cancel()
      throw new Error(state.problem.code)
    }
    if (state.status !== 'sent') throw new Error(state.status)
    const isReplay = !isFirst || stored.has(state.message.id)
    stored.add(state.message.id)
    return { ...said(state.message), isReplay }
  }

  return {
    ...other,
    says,
    writesTo: async (person, text, key) => says((await by(client.chats.openPrivate(person.id))).id, text, key),
    edits: ({ chat, id }, text, version) => by(client.chat(chat).edit(id, text, { version })),
    deletes: ({ chat, id }) => by(client.chat(chat).remove(id)),
    async reads(chat, seq) {
      const mark = await other.reads(chat, seq)
      await eventually(() => expect(client.chat(chat).item.get()).toMatchObject(mark))
      return mark
    },
    async history(chat) {
      const theirs = await other.history(chat)
      const { open, timeline } = client.chat(chat)
      const close = open()
      try {
        const faces = theirs.map(({ id, seq, text, version, by: sender }) => ({ id, seq, text: text ?? undefined, version, sender }))
        await eventually(() =>
          expect(timeline.get().rows.map(({ id, seq, text, version, sender }) => ({ id, seq, text, version, sender: sender.id }))).toEqual(
            faces,
          ),
        )
        await eventually(() =>
          expect(timeline.get().rows.flatMap(({ isMine, state }) => (isMine ? state : []))).toEqual(
            theirs.flatMap(({ by: sender, isRead }) => (sender === other.id ? (isRead ? 'read' : 'sent') : [])),
          ),
        )
      } finally {
        close()
      }
      return theirs
    },
    opens: async (person) => (await by(client.chats.openPrivate(person.id))).id,
    founds: async (name, others, key) =>
      key === undefined
        ? (await by(client.chats.createGroup({ name, memberIds: others.map(({ id }) => id) }))).id
        : other.founds(name, others, key),
    renames: (chat, name) => by(client.chat(chat).rename(name)),
    async removes(chat, others) {
      const [only, ...more] = others
      if (more.length > 0) return other.removes(chat, others)
      await by(only!.id === other.id ? client.chat(chat).leave() : client.chat(chat).removeMember(only!.id))
    },
    gives: (chat, person, role) => by(client.chat(chat).changeRole(person.id, role)),
    disbands: (chat) => by(client.chat(chat).delete()),
    async members(chat) {
      const theirs = await other.members(chat)
      await client.chat(chat).loadMembers()
      const shown = () =>
        client
          .chat(chat)
          .members.get()
          .items.map(({ person, role }) => ({ id: person.id, role }))
      await eventually(() =>
        expect(new Set(shown().map((member) => JSON.stringify(member)))).toEqual(new Set(theirs.map((member) => JSON.stringify(member)))),
      )
      return theirs
    },
    async chats(query) {
      const theirs = await other.chats(query)
      const item = ({ id, unread, lastMessage }: { id: string; unread: number; lastMessage: Message | undefined }) => ({
        id,
        unread,
        last: lastMessage && (lastMessage.text ?? null),
      })
      if (query === undefined) await eventually(() => expect(client.chats.get().items.map(item)).toEqual(theirs))
      else expect((await by(client.chats.find(query, { limit: 100 }))).items.map(item)).toEqual(theirs)
      return theirs
    },
    finds: async (query) => (await by(client.people.find(query, { limit: 100 }))).items.map(({ id }) => id),
    searches: async (query) => (await by(client.search(query, { limit: 100 }))).items.map(({ text }) => text ?? ''),
  }
}

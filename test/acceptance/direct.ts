import type { Caller, ChatApi } from '../../src/application/chat-api.ts'
import type { MessageView } from '../../src/application/ports/views.ts'
import { asId, isRefusal } from '../../src/index.ts'
import { type Actor, type Driver, freshKey, type Said } from './actor.ts'

const MUCH = { limit: 100 }

/** The API itself, as a program calls it that embeds the chat. */
export function direct(api: ChatApi): Driver {
  return {
    async person(name) {
      const email = `${freshKey()}-${crypto.randomUUID()}@example.com`
      const { user, sessionId } = await api.register({ address: 'test' }, { name, email, password: 'a battery of correct horses' })
      return actor(coded(api), { userId: user.id, sessionId }, name)
    },
    close: async () => {},
  }
}

/** The same API, whose refusals say their code. */
const coded = (api: ChatApi): ChatApi =>
  Object.fromEntries(
    Object.entries(api).map(([name, call]) => [
      name,
      async (...given: unknown[]) => {
        try {
          return await (call as (...all: unknown[]) => Promise<unknown>)(...given)
        } catch (thrown) {
          throw isRefusal(thrown) ? new Error(thrown.code) : thrown
        }
      },
    ]),
  ) as unknown as ChatApi

const said = ({ message, isRead }: MessageView): Said => ({
  id: message.id,
  chat: message.chatId,
  seq: message.seq,
  text: message.text ?? null,
  by: message.sender.id,
  version: message.version,
  isDeleted: message.deletedAt !== undefined,
  isRead,
})

function actor(api: ChatApi, me: Caller, name: string): Actor {
  const chatId = (chat: string) => ({ chatId: asId<Parameters<ChatApi['getChat']>[1]>(chat) })
  const ids = (others: readonly Actor[]) => others.map(({ id }) => asId<Caller['userId']>(id))
  const at = (message: Said) => ({ ...chatId(message.chat), messageId: asId<MessageView['message']['id']>(message.id) })
  return {
    id: me.userId,
    name,
    async writesTo(other, text, key = freshKey()) {
      const sent = await api.sendMessageToUser(me, { userId: asId(other.id), clientMessageId: asId(key), text })
      return { ...said(sent.view), isReplay: sent.replayed }
    },
    async says(chat, text, key = freshKey(), replyTo) {
      const reply = replyTo === undefined ? {} : { replyTo: asId<MessageView['message']['id']>(replyTo) }
      const sent = await api.sendMessage(me, { ...chatId(chat), clientMessageId: asId(key), text, ...reply })
      return { ...said(sent.view), isReplay: sent.replayed }
    },
    async edits(message, text, version) {
      await api.editMessage(me, { ...at(message), text, version })
    },
    async deletes(message) {
      await api.deleteMessage(me, at(message))
    },
    reads: (chat, seq) => api.markRead(me, { ...chatId(chat), seq }),
    async history(chat) {
      return (await api.listMessages(me, { ...chatId(chat), window: { kind: 'newest' }, limit: 100 })).items.map(said)
    },
    async log(chat) {
      return (await api.listEvents(me, { ...chatId(chat), after: 0, limit: 100 })).events.map(({ seq, type }) => ({ seq, type }))
    },
    async opens(other) {
      return (await api.openPrivateChat(me, { userId: asId(other.id) })).view.chat.id
    },
    async founds(title, others, key) {
      return (await api.createGroup(me, { name: title, memberIds: ids(others), clientChatId: key })).view.chat.id
    },
    async renames(chat, title) {
      await api.renameChat(me, { ...chatId(chat), name: title })
    },
    async adds(chat, others) {
      return (await api.addMembers(me, { ...chatId(chat), userIds: ids(others) })).added.map(({ person }) => person.id)
    },
    async removes(chat, others) {
      await api.removeMembers(me, { ...chatId(chat), userIds: ids(others) })
    },
    async gives(chat, other, role) {
      await api.changeRole(me, { ...chatId(chat), userId: asId(other.id), role })
    },
    disbands: (chat) => api.deleteChat(me, asId(chat)),
    async members(chat) {
      return (await api.listMembers(me, asId(chat), MUCH)).items.map(({ person, role }) => ({ id: person.id, role }))
    },
    async chats(query) {
      const { items } = await api.listChats(me, { query }, MUCH)
      return items.map(({ chat, unread, lastMessage }) => ({
        id: chat.id,
        unread,
        last: lastMessage && (lastMessage.message.text ?? null),
      }))
    },
    async finds(query) {
      return (await api.findUsers(me, { query }, MUCH)).items.map((person) => person.id)
    },
    async searches(query) {
      return (await api.searchMessages(me, { query }, MUCH)).items.map(({ message }) => message.text ?? '')
    },
  }
}

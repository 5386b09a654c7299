import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { readContent, readNewMessage } from '../../wire/parse/message.ts'
import { presentMessage, presentReader, presentReading } from '../../wire/present/messages.ts'
import { presentEvents, presentMessages, presentPage } from '../../wire/present/pages.ts'
import { eventsAfter, messageWindow, windowOf } from '../../wire/windows.ts'
import { addressIn, links } from '../links.ts'
import { sent } from './sent.ts'

export const messages = (api: ChatApi, publicUrl: string | undefined) =>
  ({
    async sendMessage(caller, { params, body }) {
      return sent(await api.sendMessage(caller, { chatId: params.chat_id, ...readNewMessage(body) }), caller)
    },
    async listMessages(caller, { params: { chat_id: chatId }, query }) {
      const list = { chatId, query }
      const { limit, count, sender_id: senderId, query: text } = query
      const run = await api.listMessages(caller, { chatId, window: messageWindow(list), limit, count, senderId, query: text })
      const body = presentMessages(run, list, caller.userId)
      return { status: 200, headers: { Link: links(addressIn(publicUrl, `/chats/${chatId}/messages`), query, body) }, body }
    },
    async searchMessages(caller, { query }) {
      const { query: text, chat_id: chatId, sender_id: senderId } = query
      const filters = { query: text, chat_id: chatId, sender_id: senderId }
      const found = await api.searchMessages(caller, { query: text, chatId, senderId }, windowOf('searchMessages', filters, query))
      const body = presentPage(found, { list: 'searchMessages', filters }, (view) => presentMessage(view, caller.userId))
      return { status: 200, headers: { Link: links(addressIn(publicUrl, '/messages'), query, body) }, body }
    },
    async listMentions(caller, { query }) {
      const filters = { unread: query.unread }
      const found = await api.listMentions(caller, filters, windowOf('listMentions', filters, query))
      const body = presentPage(found, { list: 'listMentions', filters }, (view) => presentMessage(view, caller.userId))
      return { status: 200, headers: { Link: links(addressIn(publicUrl, '/mentions'), query, body) }, body }
    },
    async getMessage(caller, { params }) {
      return { status: 200, body: presentMessage(await api.getMessage(caller, inChat(params)), caller.userId) }
    },
    async editMessage(caller, { params, body }) {
      const change = { ...inChat(params), ...readContent(body), version: body.version }
      return { status: 200, body: presentMessage(await api.editMessage(caller, change), caller.userId) }
    },
    async deleteMessage(caller, { params }) {
      await api.deleteMessage(caller, inChat(params))
      return { status: 204 }
    },
    async markRead(caller, { params: { chat_id: chatId }, body }) {
      const to = 'seq' in body ? { seq: body.seq } : { messageId: body.message_id }
      return { status: 200, body: presentReading(await api.markRead(caller, { chatId, ...to })) }
    },
    async markMessageRead(caller, { params }) {
      return { status: 200, body: presentReading(await api.markRead(caller, inChat(params))) }
    },
    async listReaders(caller, { params, query }) {
      const page = await api.listReaders(caller, inChat(params), windowOf('listReaders', params, query))
      return { status: 200, body: presentPage(page, { list: 'listReaders', filters: params }, presentReader) }
    },
    async listEvents(caller, { params: { chat_id: chatId }, query }) {
      const list = { chatId, query }
      const piece = await api.listEvents(caller, { chatId, after: eventsAfter(list), limit: query.limit })
      const body = presentEvents(piece, list, caller.userId)
      return { status: 200, headers: { Link: links(addressIn(publicUrl, `/chats/${chatId}/events`), query, body) }, body }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

type InMessage = Parameters<Handlers<Anonymous, Caller>['getMessage']>[1]['params']
const inChat = ({ chat_id: chatId, message_id: messageId }: InMessage) => ({ chatId, messageId })

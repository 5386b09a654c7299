import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentChat, presentMember, presentMyChat } from '../../wire/present/chats.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { windowOf } from '../../wire/windows.ts'

export const chats = (api: ChatApi) =>
  ({
    async createChat(caller, { body }) {
      const { view, isNew } =
        body.kind === 'private'
          ? await api.openPrivateChat(caller, { userId: body.user_id, data: body.data })
          : await api.createGroup(caller, {
              name: body.name,
              memberIds: body.member_ids ?? [],
              clientChatId: body.client_chat_id,
              data: body.data,
            })
      return { status: isNew ? 201 : 200, body: presentChat(view, caller.userId) }
    },
    async listChats(caller, { query }) {
      const filters = { query: query.query, kind: query.kind, archived: query.archived === true ? true : undefined }
      const page = await api.listChats(caller, filters, windowOf('listChats', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listChats', filters }, (view) => presentChat(view, caller.userId)) }
    },
    async getChat(caller, { params }) {
      return { status: 200, body: presentChat(await api.getChat(caller, params.chat_id), caller.userId) }
    },
    async updateMyChat(caller, { params, body }) {
      const change = { pinned: body.pinned, archived: body.archived, markedUnread: body.marked_unread }
      return { status: 200, body: presentMyChat(await api.updateMyChat(caller, { chatId: params.chat_id, ...change })) }
    },
    async renameChat(caller, { params, body }) {
      const { slow_s: slowS, keep_s: keepS, ...rules } = body.rules ?? {}
      const change = { ...body, rules: body.rules && { ...rules, slowS, keepS } }
      return { status: 200, body: presentChat(await api.renameChat(caller, { chatId: params.chat_id, ...change }), caller.userId) }
    },
    async deleteChat(caller, { params }) {
      await api.deleteChat(caller, params.chat_id)
      return { status: 204 }
    },
    async listMembers(caller, { params, query }) {
      const filters = { chat_id: params.chat_id }
      const page = await api.listMembers(caller, params.chat_id, windowOf('listMembers', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listMembers', filters }, presentMember) }
    },
    async addMembers(caller, { params, body }) {
      const { added, skipped } = await api.addMembers(caller, { chatId: params.chat_id, userIds: body.user_ids })
      return { status: 200, body: { added: added.map(presentMember), skipped: [...skipped] } }
    },
    async removeMembers(caller, { params, query }) {
      const removed = await api.removeMembers(caller, { chatId: params.chat_id, userIds: query.user_id })
      return { status: 200, body: { removed: [...removed] } }
    },
    async changeRole(caller, { params, body }) {
      const command = { chatId: params.chat_id, userId: params.user_id, role: body.role }
      return { status: 200, body: presentMember(await api.changeRole(caller, command)) }
    },
    async removeMember(caller, { params, query }) {
      const userId = params.user_id === 'me' ? caller.userId : params.user_id
      await api.removeMembers(caller, { chatId: params.chat_id, userIds: [userId], stayOut: query.stay_out })
      return { status: 204 }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

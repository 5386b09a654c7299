import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentPins, presentReacted, presentReactor } from '../../wire/present/reactions.ts'
import { windowOf } from '../../wire/windows.ts'

export const reactions = (api: ChatApi) =>
  ({
    async addReaction(caller, { params }) {
      return { status: 200, body: presentReacted(await api.addReaction(caller, inReaction(params))) }
    },
    async removeReaction(caller, { params, query: { everyone } }) {
      await api.removeReaction(caller, { ...inReaction(params), everyone })
      return { status: 204 }
    },
    async listReactions(caller, { params, query }) {
      const { emoji } = query
      const filters = { ...params, emoji }
      const command = { chatId: params.chat_id, messageId: params.message_id, emoji }
      const page = await api.listReactions(caller, command, windowOf('listReactions', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listReactions', filters }, presentReactor) }
    },
    async pinMessage(caller, { params }) {
      await api.pinMessage(caller, { chatId: params.chat_id, messageId: params.message_id })
      return { status: 204 }
    },
    async unpinMessage(caller, { params }) {
      await api.unpinMessage(caller, { chatId: params.chat_id, messageId: params.message_id })
      return { status: 204 }
    },
    async listPins(caller, { params }) {
      return { status: 200, body: presentPins(await api.listPins(caller, params.chat_id), caller.userId) }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

type InReaction = Parameters<Handlers<Anonymous, Caller>['addReaction']>[1]['params']
const inReaction = ({ chat_id: chatId, message_id: messageId, emoji }: InReaction) => ({ chatId, messageId, emoji })

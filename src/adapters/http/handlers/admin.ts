import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentAccount, presentDeed, presentInspected } from '../../wire/present/admin.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentTime } from '../../wire/present/time.ts'
import { windowOf } from '../../wire/windows.ts'

export const admin = (api: ChatApi) =>
  ({
    async findAccounts(caller, { query }) {
      const filters = { query: query.query, state: query.state }
      const page = await api.findAccounts(caller, filters, windowOf('findAccounts', filters, query))
      return { status: 200, body: presentPage(page, { list: 'findAccounts', filters }, presentAccount) }
    },
    async updateAccount(caller, { params, body }) {
      return { status: 200, body: presentAccount(await api.updateAccount(caller, { userId: params.user_id, ...body })) }
    },
    async endAccountSessions(caller, { params }) {
      await api.endAccountSessions(caller, params.user_id)
      return { status: 204 }
    },
    async recoverAccount(caller, { params }) {
      const { code, expiresAt } = await api.recoverAccount(caller, params.user_id)
      return { status: 201, body: { code, expires_at: presentTime(expiresAt) } }
    },
    async deleteAccount(caller, { params }) {
      await api.deleteAccount(caller, params.user_id)
      return { status: 204 }
    },
    async inspectChat(caller, { params }) {
      return { status: 200, body: presentInspected(await api.inspectChat(caller, params.chat_id)) }
    },
    async removeChat(caller, { params }) {
      await api.removeChat(caller, params.chat_id)
      return { status: 204 }
    },
    async listDeeds(caller, { query }) {
      const filters = { user_id: query.user_id, chat_id: query.chat_id }
      const filter = { userId: query.user_id, chatId: query.chat_id }
      const page = await api.listDeeds(caller, filter, windowOf('listDeeds', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listDeeds', filters }, presentDeed) }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentUser } from '../../wire/present/people.ts'
import { windowOf } from '../../wire/windows.ts'

export const consent = (api: ChatApi) =>
  ({
    async listBlocks(caller, { query }) {
      const page = await api.listBlocks(caller, windowOf('listBlocks', {}, query))
      return { status: 200, body: presentPage(page, { list: 'listBlocks', filters: {} }, presentUser) }
    },
    async blockUser(caller, { params }) {
      await api.blockUser(caller, params.user_id)
      return { status: 204 }
    },
    async unblockUser(caller, { params }) {
      await api.unblockUser(caller, params.user_id)
      return { status: 204 }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

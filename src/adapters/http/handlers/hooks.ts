import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentDeadRange, presentHook } from '../../wire/present/hooks.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { windowOf } from '../../wire/windows.ts'

export const hooks = (api: ChatApi) =>
  ({
    async createHook(caller, { body }) {
      const { url, types, chat_ids: chatIds, batch, from } = body
      const { hook, secret } = await api.createHook(caller, { url, types, chatIds, batch, from: from === 'now' ? undefined : from })
      return { status: 201, body: { ...presentHook(hook), secret } }
    },
    async listHooks(caller, { query }) {
      const page = await api.listHooks(caller, windowOf('listHooks', {}, query))
      return { status: 200, body: presentPage(page, { list: 'listHooks', filters: {} }, presentHook) }
    },
    async getHook(caller, { params }) {
      return { status: 200, body: presentHook(await api.getHook(caller, params.hook_id)) }
    },
    async updateHook(caller, { params, body }) {
      const { url, types, chat_ids: chatIds, batch, enabled: isEnabled } = body
      const hook = await api.updateHook(caller, { hookId: params.hook_id, url, types, chatIds, batch, isEnabled })
      return { status: 200, body: presentHook(hook) }
    },
    async deleteHook(caller, { params }) {
      await api.deleteHook(caller, params.hook_id)
      return { status: 204 }
    },
    async rotateHook(caller, { params }) {
      const { hook, secret } = await api.rotateHook(caller, params.hook_id)
      return { status: 200, body: { ...presentHook(hook), secret } }
    },
    async replayHook(caller, { params, body }) {
      const hook = await api.replayHook(caller, { hookId: params.hook_id, from: body.from, chatId: body.chat_id })
      return { status: 200, body: presentHook(hook) }
    },
    async skipHook(caller, { params, body }) {
      return { status: 200, body: presentHook(await api.skipHook(caller, { hookId: params.hook_id, chatId: body.chat_id })) }
    },
    async listDeadRanges(caller, { params, query }) {
      const filters = { hook_id: params.hook_id }
      const page = await api.listDeadRanges(caller, params.hook_id, windowOf('listDeadRanges', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listDeadRanges', filters }, presentDeadRange) }
    },
    async retryDeadRanges(caller, { params }) {
      return { status: 200, body: presentHook(await api.retryDeadRanges(caller, params.hook_id)) }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

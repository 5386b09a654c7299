import type { Anonymous, Caller, ChatApi, Origin } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentChatNotices, presentInlet } from '../../wire/present/notices.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { BASE_PATH } from '../../wire/routes.ts'
import { windowOf } from '../../wire/windows.ts'

export const notices = (api: ChatApi, publicUrl: string | undefined) => {
  const urlOf = (id: string, secret: string, { base = '' }: Partial<Origin>) => `${publicUrl ?? base}${BASE_PATH}/in/${id}/${secret}`
  return {
    async getNotices(caller, { params }) {
      return { status: 200, body: presentChatNotices(await api.getNotices(caller, params.chat_id)) }
    },
    async setNotices(caller, { params, body }) {
      const command = { chatId: params.chat_id, level: body.level ?? undefined, mutedUntil: body.muted_until ?? undefined }
      return { status: 200, body: presentChatNotices(await api.setNotices(caller, command)) }
    },
    async getPushKey(caller) {
      return { status: 200, body: { vapid_key: (await api.getPushKey(caller)).key } }
    },
    async keepPushDevice(caller, { params, body }) {
      await api.keepPushDevice(caller, { id: params.device_id, level: body.level, ...body })
      return { status: 204 }
    },
    async dropPushDevice(caller, { params }) {
      await api.dropPushDevice(caller, params.device_id)
      return { status: 204 }
    },
    async unsubscribe(anonymous, { params }) {
      await api.unsubscribe(anonymous, { userId: params.user_id, secret: params.secret })
      return { status: 200, body: { unsubscribed: true } }
    },
    async createInlet(caller, { params, body }) {
      const { inlet, secret } = await api.createInlet(caller, { chatId: params.chat_id, name: body.name })
      return { status: 201, body: { ...presentInlet(inlet), url: urlOf(inlet.id, secret, caller) } }
    },
    async listInlets(caller, { params, query }) {
      const filters = { chat_id: params.chat_id }
      const page = await api.listInlets(caller, params.chat_id, windowOf('listInlets', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listInlets', filters }, presentInlet) }
    },
    async deleteInlet(caller, { params }) {
      await api.deleteInlet(caller, { chatId: params.chat_id, inletId: params.inlet_id })
      return { status: 204 }
    },
    async postToInlet(anonymous, { params, body }) {
      const { inlet_id: inletId, secret } = params
      const { messageId } = await api.postToInlet(anonymous, { inletId, secret, text: body.text, key: anonymous.idempotencyKey })
      return { status: 200, body: { message_id: messageId } }
    },
  } satisfies Partial<Handlers<Anonymous, Caller>>
}

import type { Anonymous, Caller, ChatApi, Origin } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentChat } from '../../wire/present/chats.ts'
import { presentBan, presentInvitation, presentRequest } from '../../wire/present/groups.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { windowOf } from '../../wire/windows.ts'

export const groups = (api: ChatApi, publicUrl: string | undefined) => {
  /** What stands after the `#` is sent to no server. */
  const urlOf = (code: string, { base = '' }: Partial<Origin>) => `${publicUrl ?? base}/#/join/${code}`
  return {
    async muteMember(caller, { params, body }) {
      await api.muteMember(caller, { chatId: params.chat_id, userId: params.user_id, until: body.until })
      return { status: 204 }
    },
    async unmuteMember(caller, { params }) {
      await api.unmuteMember(caller, { chatId: params.chat_id, userId: params.user_id })
      return { status: 204 }
    },
    async banUser(caller, { params, body }) {
      await api.banUser(caller, { chatId: params.chat_id, userId: params.user_id, ...body })
      return { status: 204 }
    },
    async unbanUser(caller, { params }) {
      await api.unbanUser(caller, { chatId: params.chat_id, userId: params.user_id })
      return { status: 204 }
    },
    async listBans(caller, { params, query }) {
      const filters = { chat_id: params.chat_id }
      const page = await api.listBans(caller, params.chat_id, windowOf('listBans', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listBans', filters }, presentBan) }
    },
    async createInvitation(caller, { params, body }) {
      const command = { chatId: params.chat_id, expiresAt: body.expires_at, uses: body.uses, needsApproval: body.approval }
      const { invitation, code } = await api.createInvitation(caller, command)
      return { status: 201, body: { ...presentInvitation(invitation), code, url: urlOf(code, caller) } }
    },
    async listInvitations(caller, { params, query }) {
      const filters = { chat_id: params.chat_id }
      const page = await api.listInvitations(caller, params.chat_id, windowOf('listInvitations', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listInvitations', filters }, presentInvitation) }
    },
    async deleteInvitation(caller, { params }) {
      await api.deleteInvitation(caller, { chatId: params.chat_id, invitationId: params.invitation_id })
      return { status: 204 }
    },
    async joinChat(caller, { body }) {
      return { status: 200, body: presentChat(await api.joinChat(caller, body), caller.userId) }
    },
    async askToJoin(caller, { body }) {
      const { chatId, name, isMember } = await api.askToJoin(caller, body)
      return { status: 200, body: { chat_id: chatId, name, is_member: isMember } }
    },
    async listRequests(caller, { params, query }) {
      const filters = { chat_id: params.chat_id }
      const page = await api.listRequests(caller, params.chat_id, windowOf('listRequests', filters, query))
      return { status: 200, body: presentPage(page, { list: 'listRequests', filters }, presentRequest) }
    },
    async acceptRequest(caller, { params }) {
      await api.acceptRequest(caller, { chatId: params.chat_id, userId: params.user_id })
      return { status: 204 }
    },
    async declineRequest(caller, { params }) {
      const userId = params.user_id === 'me' ? caller.userId : params.user_id
      await api.declineRequest(caller, { chatId: params.chat_id, userId })
      return { status: 204 }
    },
  } satisfies Partial<Handlers<Anonymous, Caller>>
}

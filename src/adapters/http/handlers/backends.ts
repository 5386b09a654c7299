import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentKey, presentProvisionedChat, presentProvisionedUser } from '../../wire/present/backends.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentMe } from '../../wire/present/people.ts'
import { windowOf } from '../../wire/windows.ts'

export const backends = (api: ChatApi) =>
  ({
    async provisionUsers(caller, { body }) {
      const users = body.users.map(({ external_id: externalId, avatar_url: avatarUrl, ...rest }) => ({ ...rest, externalId, avatarUrl }))
      return { status: 200, body: { items: (await api.provisionUsers(caller, { users })).map(presentProvisionedUser) } }
    },
    async findExternalUser(caller, { query }) {
      return { status: 200, body: presentMe(await api.findExternalUser(caller, { externalId: query.external_id })) }
    },
    async deleteUser(caller, { params }) {
      await api.deleteUser(caller, params.user_id)
      return { status: 204 }
    },
    async revokeTokens(caller, { params }) {
      await api.revokeTokens(caller, params.user_id)
      return { status: 204 }
    },
    async provisionChats(caller, { body }) {
      const chats = body.chats.map(({ external_id: externalId, ...rest }) => ({ ...rest, externalId }))
      return { status: 200, body: { items: (await api.provisionChats(caller, { chats })).map(presentProvisionedChat) } }
    },
    async createKey(caller, { body: { name, scopes, bot_id: botId, expires_at: expiresAt } }) {
      const command = { name, scopes, botId, expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt) }
      const { key, text } = await api.createKey(caller, command)
      return { status: 201, body: { ...presentKey(key), key: text } }
    },
    async listKeys(caller, { query }) {
      const page = await api.listKeys(caller, windowOf('listKeys', {}, query))
      return { status: 200, body: presentPage(page, { list: 'listKeys', filters: {} }, presentKey) }
    },
    async revokeKey(caller, { params }) {
      await api.revokeKey(caller, params.key_id)
      return { status: 204 }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

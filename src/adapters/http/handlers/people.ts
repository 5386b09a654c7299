import type { z } from 'zod'
import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { readNewMessage } from '../../wire/parse/message.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentMe, presentProfile, presentSignedIn, presentUser } from '../../wire/present/people.ts'
import type { MyPrivacyChange } from '../../wire/schemas/consent.ts'
import { windowOf } from '../../wire/windows.ts'
import { sent } from './sent.ts'

const readPrivacy = ({ last_seen: lastSeen, ...others }: z.output<typeof MyPrivacyChange>) => ({ ...others, lastSeen })

export const people = (api: ChatApi) =>
  ({
    async getMe(caller) {
      return { status: 200, body: presentProfile(await api.getMe(caller)) }
    },
    async upgradeGuest(caller, { body }) {
      const upgraded = await api.upgradeGuest(caller, body)
      return { status: 200, body: 'sessionId' in upgraded ? presentSignedIn(upgraded) : { user: presentMe(upgraded.user) } }
    },
    async updateMe(caller, { body }) {
      const { current_password: currentPassword, privacy, ...change } = body
      const user = await api.updateMe(caller, { ...change, privacy: privacy && readPrivacy(privacy), currentPassword })
      const isToBeVerified = body.email !== undefined && user.emailPending !== undefined
      return { status: isToBeVerified ? 202 : 200, body: presentProfile(user) }
    },
    async deleteMe(caller, { body }) {
      await api.deleteMe(caller, body)
      return { status: 204 }
    },
    async findUsers(caller, { query }) {
      const filters = { query: query.query }
      const page = await api.findUsers(caller, filters, windowOf('findUsers', filters, query))
      return { status: 200, body: presentPage(page, { list: 'findUsers', filters }, presentUser) }
    },
    async getUser(caller, { params }) {
      return { status: 200, body: presentUser(await api.getUser(caller, params.user_id)) }
    },
    async sendMessageToUser(caller, { params, body }) {
      return sent(await api.sendMessageToUser(caller, { userId: params.user_id, ...readNewMessage(body) }), caller)
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

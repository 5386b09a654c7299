import { ban, unban } from '../../domain/banning.ts'
import { nothing } from '../../domain/decision.ts'
import { STAFF } from '../../domain/member.ts'
import { asMemberOfGroup, requireRole } from '../../domain/membership.ts'
import { checkedReason } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'

/** Removes a user who is a member, and keeps everybody from letting the user in again. */
export const banUser =
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['banUser'] =>
  async ({ userId: actorId }, { chatId, userId, until, reason }) => {
    const change = { actorId, userId, until, reason: reason === undefined ? undefined : checkedReason(reason), at: clock() }
    const scope = { chat: chatId, members: distinct(actorId, userId), people: [userId], bans: [userId] }
    await log.change(scope, (state) => ban(state, change))
  }

export const unbanUser =
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['unbanUser'] =>
  async ({ userId: actorId }, { chatId, userId }) => {
    const change = { actorId, userId, at: clock() }
    await log.change({ chat: chatId, members: [actorId], bans: [userId] }, (state) => unban(state, change))
  }

export const listBans =
  ({ log, bans, clock }: Pick<Ports, 'log' | 'bans' | 'clock'>): ChatApi['listBans'] =>
  async ({ userId }, chatId, window) => {
    await log.change({ chat: chatId, members: [userId] }, (state) => {
      requireRole(asMemberOfGroup(state, userId).me, STAFF)
      return nothing(undefined)
    })
    return bans.list(chatId, clock(), window)
  }

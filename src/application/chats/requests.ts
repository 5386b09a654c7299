import { nothing } from '../../domain/decision.ts'
import { REQUESTS_LIMIT } from '../../domain/invitation.ts'
import { Refusal } from '../../domain/refusal.ts'
import { accept, asked, requireDeciding } from '../../domain/requesting.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { admitted, type JoinNeeds } from './invitations.ts'

/** Asks to be let into the group of an invitation. Asking again changes nothing, and a member need not ask. */
export const askToJoin =
  (ports: JoinNeeds & Pick<Ports, 'requests'>): ChatApi['askToJoin'] =>
  async ({ userId }, { code }) => {
    const { log, invitations, requests, clock, digest } = ports
    const invitation = await invitations.find(digest(code))
    if (!invitation) throw new Refusal('invitation-not-found')
    const { id, chatId, createdBy } = invitation
    const at = clock()
    const people = [userId]
    const scope = { chat: chatId, members: distinct(userId, createdBy), people, bans: people, mutes: people, invitations: [id] }
    const { chat, isMember } = await log.change(scope, (state) => nothing(asked(state, { userId, invitation, at })))
    const answer = { chatId, name: chat.name ?? '', isMember }
    if (isMember) return answer
    await admitted(ports, { chatId, userId })
    const isKept = await requests.add({ chatId, userId, invitationId: id, at }, REQUESTS_LIMIT)
    if (isKept) return answer
    const now = await log.change(scope, (state) => nothing(asked(state, { userId, invitation, at })))
    if (!now.isMember) throw new Refusal('requests-full', { limit: REQUESTS_LIMIT })
    return { ...answer, isMember: true }
  }

/** Lists who asks to be let in, for the staff of the group. */
export const listRequests =
  ({ log, requests }: Pick<Ports, 'log' | 'requests'>): ChatApi['listRequests'] =>
  async ({ userId }, chatId, window) => {
    await log.change({ chat: chatId, members: [userId] }, (state) => nothing(requireDeciding(state, userId)))
    return requests.list(chatId, window)
  }

export const acceptRequest =
  ({ log, consents, clock, groupLimit: limit }: Pick<Ports, 'log' | 'consents' | 'clock' | 'groupLimit'>): ChatApi['acceptRequest'] =>
  async (caller, { chatId, userId }) => {
    const people = [userId]
    const scope = { chat: chatId, members: distinct(caller.userId, userId), people, bans: people, mutes: people, requests: people }
    const change = { deciderId: caller.userId, userId, limit, at: clock() }
    await log.change(scope, (state) => accept(state, change))
    await consents.stayOut(userId, chatId, undefined)
  }

/** Declines a request, or takes back the caller's own. */
export const declineRequest =
  ({ log, requests }: Pick<Ports, 'log' | 'requests'>): ChatApi['declineRequest'] =>
  async (caller, { chatId, userId }) => {
    if (userId !== caller.userId)
      await log.change({ chat: chatId, members: [caller.userId] }, (state) => nothing(requireDeciding(state, caller.userId)))
    await requests.remove(chatId, userId)
  }

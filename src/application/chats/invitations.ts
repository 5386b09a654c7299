import { nothing } from '../../domain/decision.ts'
import type { ChatId, Instant, UserId } from '../../domain/ids.ts'
import { checkedExpiry, INVITATIONS_LIMIT, type Invitation } from '../../domain/invitation.ts'
import { join, requireInviting } from '../../domain/joining.ts'
import { type Member, STAFF } from '../../domain/member.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { oldestFirst, sliceOf } from '../slicing.ts'
import { distinct } from './distinct.ts'
import { viewOf } from './seen.ts'

/** 132 bits. */
const CODE_LENGTH = 22

/** Refuses whoever may not invite people to the group. Returns whether the caller sees the invitations of others. */
const inviting = ({ log }: Pick<Ports, 'log'>, { userId }: Caller, chatId: ChatId): Promise<Member> =>
  log.change({ chat: chatId, members: [userId] }, (state) => nothing(requireInviting(state, userId)))

const isTheirs = ({ role, person }: Member, { createdBy }: Invitation): boolean => STAFF.includes(role) || createdBy === person.id

/** Makes a code that lets people into a group. It is shown this once. */
export const createInvitation =
  (ports: Pick<Ports, 'log' | 'invitations' | 'clock' | 'newId' | 'newSecret' | 'digest'>): ChatApi['createInvitation'] =>
  async (caller, { chatId, expiresAt, uses, needsApproval }) => {
    const { invitations, clock, newId, newSecret, digest } = ports
    const now: Instant = clock()
    const given = {
      chatId,
      createdBy: caller.userId,
      createdAt: now,
      expiresAt: checkedExpiry(expiresAt, now),
      uses,
      used: 0,
      needsApproval,
    }
    await inviting(ports, caller, chatId)
    const code = newSecret().slice(0, CODE_LENGTH)
    const invitation: Invitation = { ...given, id: newId(), hash: digest(code) }
    const isAdded = await invitations.add(invitation, { limit: INVITATIONS_LIMIT, now })
    if (!isAdded) throw new Refusal('invitations-full', { limit: INVITATIONS_LIMIT })
    return { invitation, code }
  }

/** Lists the invitations of a group: all of them for its staff, their own for others who may invite. */
export const listInvitations =
  (ports: Pick<Ports, 'log' | 'invitations' | 'clock'>): ChatApi['listInvitations'] =>
  async (caller, chatId, window) =>
    sliceOf(await seenBy(ports, caller, chatId), window, oldestFirst)

async function seenBy(ports: Pick<Ports, 'log' | 'invitations' | 'clock'>, caller: Caller, chatId: ChatId): Promise<readonly Invitation[]> {
  const me = await inviting(ports, caller, chatId)
  return (await ports.invitations.list(chatId, ports.clock())).filter((invitation) => isTheirs(me, invitation))
}

/** Revokes an invitation; who has come by it stays. */
export const deleteInvitation =
  (ports: Pick<Ports, 'log' | 'invitations' | 'clock'>): ChatApi['deleteInvitation'] =>
  async (caller, { chatId, invitationId }) => {
    const all = await seenBy(ports, caller, chatId)
    const isGone = all.some(({ id }) => id === invitationId) && (await ports.invitations.remove(chatId, invitationId))
    if (!isGone) throw new Refusal('invitation-not-found')
  }

export type JoinNeeds = Pick<
  Ports,
  'log' | 'chats' | 'consents' | 'invitations' | 'clock' | 'digest' | 'interceptors' | 'later' | 'groupLimit'
>

/** Lets the caller into the group of a code, unless its staff is to decide. A member's own repeat uses nothing. */
export const joinChat =
  (ports: JoinNeeds): ChatApi['joinChat'] =>
  async (caller, { code }) => {
    const { log, chats, consents, invitations, clock, digest, groupLimit: limit } = ports
    const { userId } = caller
    const invitation = await invitations.find(digest(code))
    if (!invitation) throw new Refusal('invitation-not-found')
    const { id, chatId, createdBy } = invitation
    const there = await chats.get(userId, chatId)
    if (there) return there
    await admitted(ports, { chatId, userId })
    const change = { userId, invitation: { id, createdBy }, limit, at: clock() }
    const scope = {
      chat: chatId,
      members: distinct(userId, createdBy),
      people: [userId],
      bans: [userId],
      mutes: [userId],
      invitations: [id],
    }
    await log.change(scope, (state) => join(state, change))
    await consents.stayOut(userId, chatId, undefined)
    return viewOf(ports, caller, chatId)
  }

/** The host's own code refuses whoever it will not have. */
export async function admitted(
  ports: Pick<Ports, 'interceptors' | 'later'>,
  about: { readonly chatId: ChatId; readonly userId: UserId },
): Promise<void> {
  const { beforeJoin } = ports.interceptors ?? {}
  const { chatId, userId } = about
  if (beforeJoin) await inTime(ports, () => beforeJoin({ chatId, userIds: [userId] }, { caller: { userId } }))
}

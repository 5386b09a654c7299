import type { User } from '../../domain/identity.ts'
import type { SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName, checkedUsername, fold } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { newResetCode, RESET_TTL } from '../identity/codes.ts'
import { type EndSessions, endAll } from '../identity/end-sessions.ts'
import { type ErasureNeeds, finishErasure } from '../identity/finish-erasure.ts'
import type { LiveSessions } from '../identity/live-sessions.ts'
import { networkOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf, requireOther, requireStaff } from './staff.ts'

export interface StaffNeeds extends Ports {
  readonly end: EndSessions
  readonly live: LiveSessions
  /** Closes connections of these sessions, here and in other processes. */
  disconnect(userId: UserId, ids: readonly SessionId[]): void
}

export const findAccounts =
  (needs: Ports): ChatApi['findAccounts'] =>
  async (caller, { query, state }, window) => {
    await requireStaff(needs, caller)
    return needs.accounts.list({ query: query === undefined ? undefined : fold(query), state }, window)
  }

/** Disables and enables, and renames. Sessions of a disabled user end; those from before stay ended when the user is enabled. */
export const updateAccount =
  (needs: StaffNeeds): ChatApi['updateAccount'] =>
  async (caller, { userId, disabled, name, username }) => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    if (name !== undefined || username !== undefined) await rename(needs, caller, { userId, name, username })
    if (disabled !== undefined) await setDisabled(needs, caller, userId, disabled)
    return accountOf(needs, userId)
  }

interface Renaming {
  readonly userId: UserId
  readonly name: string | undefined
  readonly username: string | undefined
}

async function rename(needs: StaffNeeds, caller: Caller, { userId, name, username }: Renaming): Promise<void> {
  const change = {
    name: name === undefined ? undefined : checkedName(name),
    username: username === undefined ? undefined : checkedUsername(username),
  }
  const facts = { name: name !== undefined, username: username !== undefined }
  const outcome = await needs.people.rename(userId, change, deedOf(needs, caller, 'user.renamed', { userId, facts }))
  if (outcome === 'username-taken') throw new Refusal('username-taken')
}

export async function setDisabled(needs: StaffNeeds, caller: Caller, userId: UserId, isDisabled: boolean): Promise<void> {
  const { accounts, sessions, live, disconnect, clock, journal } = needs
  const deed = deedOf(needs, caller, isDisabled ? 'user.disabled' : 'user.enabled', { userId })
  if (!isDisabled) await endAll(needs, userId)
  const isChanged = await accounts.setDisabled(userId, isDisabled ? clock() : undefined, deed)
  if (!isChanged || !isDisabled) return
  const ids = (await sessions.list(userId, clock())).map(({ id }) => id)
  live.forget(ids)
  disconnect(userId, ids)
  const network = caller.address === undefined ? undefined : networkOf(caller.address)
  journal.note({ event: 'disabled', outcome: 'ok', userId, network, requestId: caller.requestId })
}

async function accountOf({ people }: Pick<Ports, 'people'>, userId: UserId): Promise<User> {
  const user = await people.get(userId)
  if (!user) throw new Refusal('user-not-found', { userIds: [userId] })
  return user
}

export const endAccountSessions =
  (needs: StaffNeeds): ChatApi['endAccountSessions'] =>
  async (caller, userId) => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    const ids = (await needs.sessions.list(userId, needs.clock())).map(({ id }) => id)
    if (ids.length === 0) return
    await needs.sessions.end(userId, ids, needs.clock(), deedOf(needs, caller, 'user.signed-out', { userId }))
    await needs.end(userId, ids)
  }

/** A one-time code for a new password, to be handed over by other means than mail. */
export const recoverAccount =
  (needs: StaffNeeds): ChatApi['recoverAccount'] =>
  async (caller, userId) => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    await needs.audit.add(deedOf(needs, caller, 'user.recovery-made', { userId }))
    return { code: await newResetCode(needs, userId, RESET_TTL.byStaff), expiresAt: needs.clock() + RESET_TTL.byStaff }
  }

export const deleteAccount =
  (needs: StaffNeeds & ErasureNeeds): ChatApi['deleteAccount'] =>
  async (caller, userId) => {
    await requireStaff(needs, caller)
    await requireOther(needs, caller, userId)
    await needs.people.erase(userId, needs.clock(), deedOf(needs, caller, 'user.deleted', { userId }))
    await endAll(needs, userId)
    await finishErasure(needs, userId)
  }

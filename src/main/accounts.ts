import type { ChatApi } from '../application/chat-api.ts'
import { changePassword } from '../application/identity/change-password.ts'
import { createGuest } from '../application/identity/create-guest.ts'
import { deleteMe } from '../application/identity/delete-me.ts'
import type { EndSessions } from '../application/identity/end-sessions.ts'
import { addTotp, confirmTotp, listFactors, newRecoveryCodes, removeFactor } from '../application/identity/factors.ts'
import { forgetOld } from '../application/identity/forget-old.ts'
import { login } from '../application/identity/login.ts'
import type { Mailing } from '../application/identity/mailing.ts'
import { addPasskey, passkeyCreation, passkeySignIn, signInWithPasskey } from '../application/identity/passkeys.ts'
import type { Policy } from '../application/identity/policy.ts'
import { recover } from '../application/identity/recover.ts'
import { register } from '../application/identity/register.ts'
import { resealFactors } from '../application/identity/reseal.ts'
import { resetPassword } from '../application/identity/reset-password.ts'
import { sendEmailCode } from '../application/identity/send-email-code.ts'
import { updateMe } from '../application/identity/update-me.ts'
import { upgradeGuest } from '../application/identity/upgrade-guest.ts'
import { verifyEmail } from '../application/identity/verify-email.ts'
import type { Hub } from '../application/live/hub.ts'
import { sendDigests } from '../application/notices/digests.ts'
import type { Ports } from '../application/ports/ports.ts'
import { reportCalls } from '../application/reports/reports.ts'
import { inspectChat, listDeeds, removeChat } from '../application/staff/chats.ts'
import {
  deleteAccount,
  endAccountSessions,
  findAccounts,
  recoverAccount,
  type StaffNeeds,
  updateAccount,
} from '../application/staff/users.ts'
import type { Session } from '../domain/identity.ts'

interface Needs extends Ports {
  readonly policy: Policy
  readonly noticed: Hub['noticed']
  readonly withdrawn: Hub['withdrawn']
  readonly onNewNetwork: (session: Session, network: string) => Promise<void>
  readonly end: EndSessions
}

/** The calls about passwords, addresses and second factors. */
export const accountCalls = (needs: Needs, mailing: Mailing) =>
  ({
    register: register(needs, mailing),
    createGuest: createGuest(needs),
    upgradeGuest: upgradeGuest(needs, mailing),
    deleteMe: deleteMe(needs, needs.end),
    login: login(needs),
    recover: recover(mailing),
    resetPassword: resetPassword(needs),
    changePassword: changePassword(needs, needs.end),
    verifyEmail: verifyEmail(needs, mailing),
    sendEmailCode: sendEmailCode(needs, mailing),
    updateMe: updateMe({ ...needs, tell: needs.noticed, withdrawn: needs.withdrawn }, mailing),
    listFactors: listFactors(needs),
    addTotp: addTotp(needs),
    confirmTotp: confirmTotp(needs),
    removeFactor: removeFactor(needs),
    newRecoveryCodes: newRecoveryCodes(needs),
    passkeyCreation: passkeyCreation(needs),
    addPasskey: addPasskey(needs),
    passkeySignIn: passkeySignIn(needs),
    signInWithPasskey: signInWithPasskey(needs),
  }) satisfies Partial<ChatApi>

/** The calls of staff. */
export const staffCalls = (needs: StaffNeeds) =>
  ({
    findAccounts: findAccounts(needs),
    updateAccount: updateAccount(needs),
    endAccountSessions: endAccountSessions(needs),
    recoverAccount: recoverAccount(needs),
    deleteAccount: deleteAccount(needs),
    inspectChat: inspectChat(needs),
    removeChat: removeChat(needs),
    listDeeds: listDeeds(needs),
    ...reportCalls(needs),
  }) satisfies Partial<ChatApi>

/** The periodic tasks of accounts. */
export const accountChores = (ports: Ports, mails: Mailing) => ({
  sendDigests: sendDigests(ports, mails),
  forgetAccounts: () => forgetOld(ports),
  resealFactors: () => resealFactors(ports),
  deliverMails: mails.deliver,
})

/** Tells a user of a sign-in on a new network: on their other devices and by mail. */
export const tellingOfSignIns =
  ({ notify }: Pick<Hub, 'notify'>, { post }: Mailing): Needs['onNewNetwork'] =>
  async ({ id: sessionId, userId, deviceName, createdAt: at }, network) => {
    notify(userId, { kind: 'sign-in', sessionId, deviceName, network, at })
    const facts = { device: deviceName ?? 'unknown', network, at: `${timeOf(at)} UTC` }
    await post('sign-in', { userId, address: '', facts })
  }

const timeOf = (at: number): string => new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)

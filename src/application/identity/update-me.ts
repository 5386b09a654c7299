import { avatarOfFile } from '../../domain/avatar.ts'
import type { FileId, UserId } from '../../domain/ids.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { checkedEmail, checkedName, checkedUsername } from '../../domain/words.ts'
import type { Caller, ChatApi, PrivacyChange } from '../chat-api.ts'
import type { NoticesChanged, Quiet } from '../ports/notices.ts'
import type { Ports } from '../ports/ports.ts'
import { getMe } from './get-me.ts'
import type { Mailing } from './mailing.ts'
import { type PasswordNeeds, requirePassword } from './password.ts'

type Needs = PasswordNeeds &
  Pick<Ports, 'files' | 'accounts' | 'asciiDomain' | 'notices' | 'consents' | 'mail'> & {
    /** Tells the user's own devices of settings of notifications. */
    readonly tell: (userId: UserId, change: NoticesChanged) => void
    /** By whom a user is noticed was changed. */
    readonly withdrawn: (userId: UserId) => void
  }

export const updateMe =
  (needs: Needs, mailing: Mailing): ChatApi['updateMe'] =>
  async (caller, { name, username, avatar, email, currentPassword, notices, privacy }) => {
    const change = {
      name: name === undefined ? undefined : checkedName(name),
      username: username === undefined ? undefined : checkedUsername(username),
    }
    if (notices?.quiet) checkZone(notices.quiet)
    if (notices?.digest && !mailing.hasDigests) throw invalid('/notices/digest', 'is false, since this service sends no such mail')
    const address = email === undefined ? undefined : checkedEmail(email, needs.asciiDomain)
    if (address !== undefined) await mayChangeEmail(needs, caller, currentPassword)
    if (avatar) await requirePicture(needs, caller, avatar)
    if ((await needs.people.rename(caller.userId, change)) === 'username-taken') throw new Refusal('username-taken')
    if (avatar !== undefined) await changeAvatar(needs, caller, avatar)
    if (address !== undefined) await changeEmail(needs, mailing, { caller, address })
    if (privacy) await changePrivacy(needs, caller, privacy)
    const before = await getMe(needs)(caller)
    if (!notices) return before
    const kept = await needs.notices.ofUser(caller.userId)
    const { level = kept.level, quiet = kept.quiet, digest = kept.digest } = notices
    const shown = { level, quiet: quiet ?? undefined }
    await needs.notices.setOfUser(caller.userId, { ...shown, digest })
    needs.tell(caller.userId, { type: 'notices', chatId: undefined, mutedUntil: undefined, ...shown })
    return { ...before, notices: mailing.hasDigests ? { ...shown, digest } : shown }
  }

async function changePrivacy({ consents, withdrawn }: Needs, { userId }: Caller, change: PrivacyChange): Promise<void> {
  const before = await consents.privacyOf(userId)
  const { write = before.write, add = before.add, lastSeen = before.lastSeen } = change
  await consents.setPrivacy(userId, { write, add, lastSeen })
  if (lastSeen !== before.lastSeen) withdrawn(userId)
}

/** Shows it from now on; a file that went meanwhile does not stay named. */
async function changeAvatar({ people, files }: Needs, caller: Caller, avatar: FileId | null): Promise<void> {
  const { userId } = caller
  await people.save([], [{ id: userId, avatarUrl: avatar && avatarOfFile(avatar) }])
  if (avatar === null || (await files.get(avatar))) return
  await people.save([], [{ id: userId, avatarUrl: null }])
  throw new Refusal('file-not-found', { fileIds: [avatar] })
}

async function requirePicture({ files }: Needs, { userId }: Caller, fileId: FileId): Promise<void> {
  const file = await files.get(fileId)
  if (file?.ownerId !== userId) throw new Refusal('file-not-found', { fileIds: [fileId] })
  if (file.kind !== 'image') throw invalid('/avatar', 'is a picture')
}

function checkZone({ zone }: Quiet): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format()
  } catch {
    throw invalid('/notices/quiet/zone', 'is the name of a time zone')
  }
}

async function mayChangeEmail(needs: Needs, caller: Caller, password: string | undefined): Promise<void> {
  if (password === undefined) throw invalid('/current_password', 'is needed for another email')
  await requirePassword(needs, caller, password)
}

/** Where mail is sent, the new address is verified first, and the present one is told. */
async function changeEmail(needs: Needs, { isOn, post }: Mailing, { caller, address }: { caller: Caller; address: string }): Promise<void> {
  const { people, accounts } = needs
  const { userId } = caller
  const { email } = await getMe(needs)(caller)
  if (email === address) return accounts.setEmailPending(userId, undefined)
  const owner = await people.credentials(address)
  if (owner && owner.user.id !== userId) throw new Refusal('email-taken')
  if (!isOn) {
    if ((await accounts.setEmail(userId, address)) === 'email-taken') throw new Refusal('email-taken')
    return
  }
  await accounts.setEmailPending(userId, address)
  await post('verify-email', { userId, address })
  if (email !== undefined) await post('email-change', { userId, address: email, facts: { email: address } })
}

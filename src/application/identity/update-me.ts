import type { UserId } from '../../domain/ids.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { NoticesChanged, Quiet } from '../ports/notices.ts'
import type { Ports } from '../ports/ports.ts'
import { getMe } from './get-me.ts'

type Needs = Pick<Ports, 'people' | 'notices'> & {
  /** Tells the user's own devices of settings of notifications. */
  readonly tell: (userId: UserId, change: NoticesChanged) => void
}

export const updateMe =
  (needs: Needs): ChatApi['updateMe'] =>
  async (caller, { name, username, notices }) => {
    const change = {
      name: name === undefined ? undefined : checkedName(name),
      username: username === undefined ? undefined : checkedUsername(username),
    }
    if (notices?.quiet) checkZone(notices.quiet)
    if ((await needs.people.rename(caller.userId, change)) === 'username-taken') throw new Refusal('username-taken')
    const before = await getMe(needs)(caller)
    if (!notices) return before
    const { level = before.notices.level, quiet = before.notices.quiet } = notices
    const wanted = { level, quiet: quiet ?? undefined }
    await needs.notices.setOfUser(caller.userId, wanted)
    needs.tell(caller.userId, { type: 'notices', chatId: undefined, mutedUntil: undefined, ...wanted })
    return { ...before, notices: wanted }
  }

function checkZone({ zone }: Quiet): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format()
  } catch {
    throw invalid('/notices/quiet/zone', 'is the name of a time zone')
  }
}

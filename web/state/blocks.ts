import i18next from 'i18next'
import type { ChatClient, Sender } from '../../src/client/index.ts'
import { blockUser, unblockUser } from '../../src/client/order.ts'
import { isolated } from '../ui/isolated.ts'
import { tell } from './notices.ts'
import { errorText } from './problem-text.ts'

type Who = Pick<Sender, 'id' | 'name'>

/** Blocks a user, or ends that, on all devices. A refusal is told. Resolves with whether it was done. */
export async function setBlocked(client: ChatClient, { id }: Pick<Who, 'id'>, isBlocked: boolean): Promise<boolean> {
  try {
    await (isBlocked ? blockUser : unblockUser)(client, id)
    return true
  } catch (error) {
    tell(errorText(error), { isFault: true })
    return false
  }
}

/** The same where nothing on the screen shows that it was done: it is told, and can be taken back. */
export async function toggleBlocked(client: ChatClient, person: Who, isBlocked: boolean): Promise<void> {
  if (!(await setBlocked(client, person, isBlocked))) return
  const name = isolated(person.name ?? i18next.t('chat.deletedPerson'))
  tell(i18next.t(isBlocked ? 'consent.nowBlocked' : 'consent.nowUnblocked', { name }), {
    undo: () => void setBlocked(client, person, !isBlocked),
  })
}

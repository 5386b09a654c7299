import type { Chat, Member, Role } from '../../src/client/index.ts'
import { banUser, muteMember, unmuteMember } from '../../src/client/order.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openChat } from '../state/route.ts'
import { useNameOf } from '../state/titles.ts'
import { useNow } from '../state/use-now.ts'
import type { Question } from './confirm.tsx'

export interface MemberDeeds {
  readonly chat: Chat
  readonly member: Member
  /** One's own. */
  readonly role: Role
  readonly onAsk: (question: Question) => void
  readonly onClose: () => void
}

interface Deed {
  readonly text: string
  readonly isDanger?: boolean
  /** What is done at once, or asked first. */
  readonly run: () => Promise<unknown>
}

const HOUR = 3_600_000
const MUTES = [
  ['hour', HOUR],
  ['hours', 8 * HOUR],
  ['week', 168 * HOUR],
] as const

/** What the user may do with another member of a group. */
export function useDeeds({ chat, member, role, onAsk, onClose }: MemberDeeds): readonly Deed[] {
  const { t } = useTranslation()
  const client = useClient()
  const now = useNow()
  const { person } = member
  const { id } = person
  const name = useNameOf()(person)
  const isOwner = role === 'owner'
  const isPlain = member.role === 'member'
  const mayRemove = isOwner || (role === 'admin' && isPlain)
  const isMuted = (member.mutedUntil ?? 0) > now

  const asked = (words: Pick<Question, 'title' | 'hint' | 'yes'>, run: () => Promise<unknown>): Deed => ({
    text: words.yes,
    run: async () => onAsk({ ...words, run }),
  })
  const write = async () => {
    openChat((await client.chats.openPrivate(id)).id)
    onClose()
  }
  const owning = { title: t('group.confirmOwner'), hint: t('group.confirmOwnerHint', { name }), yes: t('group.makeOwner') }
  const removing = { title: t('group.confirmRemove'), hint: t('group.confirmRemoveHint', { name }), yes: t('group.remove') }
  const banning = { title: t('order.confirmBan'), hint: t('order.confirmBanHint', { name }), yes: t('order.ban') }
  const mutes = isMuted
    ? [{ text: t('order.unmute'), run: () => unmuteMember(client, chat.id, id) }]
    : MUTES.map(([key, ms]): Deed => ({ text: t(`order.mute_${key}`), run: () => muteMember(client, chat.id, id, Date.now() + ms) }))
  const newRole = isPlain ? 'admin' : 'member'
  return [
    { text: t('group.write'), run: write },
    ...(isOwner ? [{ text: t(isPlain ? 'group.makeAdmin' : 'group.makeMember'), run: () => chat.changeRole(id, newRole) }] : []),
    ...(isOwner ? [asked(owning, () => chat.changeRole(id, 'owner'))] : []),
    ...(role !== 'member' && isPlain ? mutes : []),
    ...(mayRemove ? [{ ...asked(removing, () => chat.removeMember(id)), isDanger: true }] : []),
    ...(mayRemove ? [{ ...asked(banning, () => banUser(client, chat.id, id)), isDanger: true }] : []),
  ]
}

import type { ChatView, MemberView, MyChat as Mine } from '../../../application/ports/views.ts'
import { SYSTEM_ID, type UserId } from '../../../domain/ids.ts'
import type { Chat, Member, MyChat } from '../schemas/chats.ts'
import { presentMessage } from './messages.ts'
import { presentUser } from './people.ts'
import { presentRules } from './rules.ts'
import { presentTime, timeOrNull } from './time.ts'

export const presentMyChat = (me: Mine): MyChat => ({
  role: me.role,
  joined_at: presentTime(me.joinedAt),
  read_seq: me.readSeq,
  pinned_at: me.pinnedAt === undefined ? null : presentTime(me.pinnedAt),
  archived: me.isArchived,
  hidden: me.isHidden,
  marked_unread: me.isMarkedUnread,
  muted_until: timeOrNull(me.mutedUntil),
})

/** A chat as `viewer` sees it. The system, which stands for back ends, is a member of none: nothing of a chat is its own. */
export const presentChat = (view: ChatView, viewer: UserId): Chat => ({
  id: view.chat.id,
  kind: view.chat.kind,
  name: view.chat.name ?? null,
  created_at: presentTime(view.chat.createdAt),
  head_seq: view.chat.headSeq,
  read_by_others_seq: view.readByOthers ?? null,
  member_count: view.chat.memberCount,
  partner: view.partner && viewer !== SYSTEM_ID ? presentUser(view.partner) : null,
  me: viewer === SYSTEM_ID ? null : presentMyChat(view.me),
  unread: viewer === SYSTEM_ID ? 0 : view.unread,
  unread_mentions: viewer === SYSTEM_ID ? 0 : view.unreadMentions,
  data: view.chat.data ?? null,
  description: view.chat.description ?? null,
  avatar: view.chat.avatar ?? null,
  rules: view.chat.kind === 'group' ? presentRules(view.chat.rules) : null,
  last_message: view.lastMessage ? presentMessage(view.lastMessage, viewer) : null,
})

export const presentMember = ({ person, role, joinedAt, readSeq, mutedUntil }: MemberView): Member => ({
  user: presentUser(person),
  role,
  joined_at: presentTime(joinedAt),
  read_seq: readSeq,
  muted_until: timeOrNull(mutedUntil),
})

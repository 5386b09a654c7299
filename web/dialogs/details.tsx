import { ListX, LogOut, type LucideIcon, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Chat, ChatItem } from '../../src/client/index.ts'
import { leaveForGood } from '../../src/client/order.ts'
import { useFiles } from '../../src/client/react/files.ts'
import { useClient, useIsBlocked, useStore } from '../../src/client/react.ts'
import { ChatFiles } from '../files/chat-files.tsx'
import { useTranslation } from '../i18n/use-translation.ts'
import { hideChat } from '../state/later.ts'
import { usePresenceWords } from '../state/presence.ts'
import { may } from '../state/rules.ts'
import { useTitle } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { ChatNoticesPart } from './chat-notices.tsx'
import { Confirm, type Question } from './confirm.tsx'
import { BlockButton } from './consent/block-button.tsx'
import { Members } from './members.tsx'
import { Bans } from './order/bans.tsx'
import { Description } from './order/description.tsx'
import { Invitations } from './order/invitations.tsx'
import { Kept } from './order/kept.tsx'
import { Requests } from './order/requests.tsx'
import { RulesOf } from './order/rules.tsx'
import css from './parts.module.css'
import { Picture } from './picture.tsx'
import { Rename } from './rename.tsx'
import { Successor } from './successor.tsx'

interface DetailsProps {
  readonly chatId: string
  readonly onClose: () => void
}

/** All about a chat: who is in it, and what may be done with it. */
export function Details({ chatId, onClose }: DetailsProps) {
  const chat = useClient().chat(chatId)
  const item = useStore(chat.item)
  const title = useTitle(item)
  const files = useFiles()
  const [question, setQuestion] = useState<Question>()
  if (!item) return null
  const isStaff = item.role !== 'member'
  return (
    <>
      <div className={css.body}>
        <Hero item={item} />
        {item.kind === 'group' && (
          <>
            {isStaff && <Picture has={item.avatar !== undefined} onChange={(fileId) => files.setAvatar(chatId, fileId)} />}
            {isStaff && <Rename key={title} chat={chat} name={title} />}
            {isStaff && <Description key={item.description} chat={chat} text={item.description ?? ''} />}
            <Members chat={chat} item={item} onAsk={setQuestion} onClose={onClose} />
            {isStaff && <Requests key={`requests ${chat.id}`} chat={chat} item={item} />}
            {may(item, 'invite') && <Invitations key={chat.id} chat={chat} />}
            {isStaff && <RulesOf chat={chat} item={item} onAsk={setQuestion} />}
            {isStaff && <Bans key={`bans ${chat.id}`} chat={chat} item={item} />}
          </>
        )}
        <ChatNoticesPart chatId={chatId} />
        <ChatFiles key={chat.id} chat={chat} />
        <Leaving chat={chat} item={item} title={title} onAsk={setQuestion} onClose={onClose} />
      </div>
      {question && <Confirm question={question} onClose={() => setQuestion(undefined)} />}
    </>
  )
}

function Hero({ item }: { readonly item: ChatItem }) {
  const { t } = useTranslation()
  const title = useTitle(item)
  const words = usePresenceWords(item.partner)
  const isBlocked = useIsBlocked(item.partner?.id)
  const isGroup = item.kind === 'group'
  return (
    <div className={css.portrait}>
      <Avatar id={item.partner?.id ?? item.id} name={title} isGroup={isGroup} size={88} />
      <bdi className={css.name}>{title}</bdi>
      {item.partner?.username && <span className={css.quiet}>@{item.partner.username}</span>}
      {item.description !== undefined && (
        <p className={css.description} dir="auto">
          {item.description}
        </p>
      )}
      <span className={css.quiet}>
        {isGroup ? t('chat.members', { count: item.memberCount }) : isBlocked ? t('consent.blocked') : words}
      </span>
      <Kept item={item} />
    </div>
  )
}

interface LeavingProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly title: string
  readonly onAsk: (question: Question) => void
  readonly onClose: () => void
}

function Leaving({ chat, item, title, onAsk, onClose }: LeavingProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [isHandingOver, setHandingOver] = useState(false)
  if (item.kind === 'private') return <Hiding chat={chat} item={item} onClose={onClose} />
  const leaving = {
    title: t('group.confirmLeave', { name: title }),
    hint: `${t('group.confirmLeaveHint')} ${t('consent.stayOutHint')}`,
    yes: t('group.leave'),
    run: () => chat.leave(),
    other: { text: t('consent.leaveForGood'), run: () => leaveForGood(client, chat.id) },
  }
  const deletion = {
    title: t('group.confirmDelete', { name: title }),
    hint: t('group.confirmDeleteHint'),
    yes: t('group.delete'),
    run: () => chat.delete(),
  }
  return (
    <section className={css.section}>
      {item.role === 'owner' && item.memberCount > 1 ? (
        <Button onClick={() => setHandingOver(true)}>
          <LogOut size={17} aria-hidden="true" />
          {t('group.leave')}
        </Button>
      ) : (
        <Asking icon={LogOut} question={leaving} onAsk={onAsk} />
      )}
      {item.role === 'owner' && <Asking icon={Trash2} look="danger" question={deletion} onAsk={onAsk} />}
      {isHandingOver && <Successor chat={chat} title={title} onClose={() => setHandingOver(false)} />}
    </section>
  )
}

/** A private chat cannot be left, but it can be out of sight until something is written in it. */
function Hiding({ chat, item: { partner }, onClose }: Pick<LeavingProps, 'chat' | 'item' | 'onClose'>) {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <Button
        onClick={() => {
          onClose()
          hideChat(chat)
        }}
      >
        <ListX size={17} aria-hidden="true" />
        {t('group.hide')}
      </Button>
      {partner?.name !== undefined && <BlockButton userId={partner.id} />}
    </section>
  )
}

interface AskingProps extends Pick<LeavingProps, 'onAsk'> {
  readonly icon: LucideIcon
  readonly look?: 'plain' | 'danger'
  readonly question: Question
}

/** A button that says what it does, and asks before it does it. */
const Asking = ({ icon: Icon, look = 'plain', question, onAsk }: AskingProps) => (
  <Button look={look} onClick={() => onAsk(question)}>
    <Icon size={17} aria-hidden="true" />
    {question.yes}
  </Button>
)

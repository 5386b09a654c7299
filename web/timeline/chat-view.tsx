import { useCallback, useEffect, useRef, useState } from 'react'
import type { Chat, Row } from '../../src/client/index.ts'
import { useClient, useIsBlocked, useStore } from '../../src/client/react.ts'
import { Blocked } from '../composer/blocked.tsx'
import { Composer } from '../composer/composer.tsx'
import { ReadOnly } from '../composer/read-only.tsx'
import { useAttaching, useDropped } from '../files/use-attaching.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { draftOf, keepDraft, useUserId } from '../state/drafts.ts'
import { closeFinding, finding } from '../state/finding.ts'
import { tell } from '../state/notices.ts'
import { notePictures } from '../state/pictures.ts'
import { wantedPlace } from '../state/place.ts'
import { closeChat } from '../state/route.ts'
import { useSilence } from '../state/rules.ts'
import { late } from '../ui/late.tsx'
import { ChatHeader } from './chat-header.tsx'
import css from './chat-view.module.css'
import { PinsBar } from './pins-bar.tsx'
import { Timeline, type TimelineHandle } from './timeline.tsx'
import { TypingLine } from './typing-line.tsx'

const SearchBar = late(() => import('../finding/search-bar.tsx'))

/** One chat on the screen. */
export function ChatView({ chatId }: { readonly chatId: string }) {
  const { t } = useTranslation()
  const chat = useClient().chat(chatId)
  const item = useStore(chat.item)
  const userId = useUserId()
  const [edited, setEdited] = useState<Row>()
  const timeline = useRef<TimelineHandle>(null)
  const attach = useAttaching(chatId)
  const isDropping = useDropped(attach) && edited === undefined
  const isFinding = useStore(finding) === chatId
  const isGroup = item?.kind === 'group'
  const isOver = item?.kind === 'private' && item.partner !== undefined && item.partner.name === undefined

  const partner = item?.partner
  const isBlocked = useIsBlocked(partner?.id)
  const quiet = useSilence(item)
  const silence = isOver ? t('chat.deletedAccount') : quiet

  useEffect(() => {
    const place = wantedPlace.get()
    return chat.open({ at: place?.chatId === chatId ? place.seq : 'unread' })
  }, [chat, chatId])
  useEffect(() => {
    if (isGroup) chat.loadMembers().catch(() => undefined)
  }, [chat, isGroup])

  const members = useStore(chat.members).items
  useEffect(() => notePictures(members.map(({ person }) => person)), [members])

  useMissing(chat)
  useEffect(() => closeFinding, [chatId])

  const onReply = useCallback(
    (row: Row) => {
      setEdited(undefined)
      keepDraft(userId, chatId, { text: '', ...draftOf(userId, chatId), replyTo: row.id })
    },
    [userId, chatId],
  )
  return (
    <section className={css.view}>
      <div>
        <ChatHeader chat={chat} item={item} />
        {isFinding && <SearchBar chat={chat} onClose={closeFinding} />}
      </div>
      {!isFinding && <PinsBar chat={chat} />}
      <Timeline ref={timeline} chat={chat} item={item} onReply={onReply} onEdit={setEdited} />
      <TypingLine chat={chat} />
      {silence !== undefined ? (
        <ReadOnly words={silence} />
      ) : isBlocked && partner ? (
        <Blocked person={partner} />
      ) : (
        <Composer chat={chat} edited={edited} onEdit={setEdited} onSent={() => timeline.current?.toLatest()} onAttach={attach} />
      )}
      {isDropping && silence === undefined && !isBlocked && (
        <div className={css.over} role="status">
          {t('file.drop')}
        </div>
      )}
    </section>
  )
}

/** Whoever came to a chat that is none of theirs is led away. */
function useMissing(chat: Chat): void {
  const { t } = useTranslation()
  const { problem } = useStore(chat.timeline)
  const isMissing = problem?.code === 'chat-not-found'
  useEffect(() => {
    if (!isMissing) return
    closeChat()
    tell(t('chat.gone_not_found'))
  }, [isMissing, t])
}

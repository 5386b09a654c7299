import type { ReactNode } from 'react'
import type { ChatItem, Message } from '../../src/client/index.ts'
import { shortTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { useAuthorOf, useTitle } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Excerpt } from '../ui/excerpt.tsx'
import css from './search-results.module.css'

interface HitProps {
  readonly id: string
  readonly name: string
  readonly note: ReactNode
  readonly isGroup?: boolean
  readonly time?: string
  readonly onOpen: () => void
}

export function Hit({ id, name, note, isGroup = false, time, onOpen }: HitProps) {
  return (
    <li>
      <button type="button" className={css.hit} data-stop="" onClick={onOpen}>
        <Avatar id={id} name={name} isGroup={isGroup} size={40} />
        <span className={css.text}>
          <span className={css.name}>
            <bdi>{name}</bdi>
            {time && <time>{time}</time>}
          </span>
          <bdi className={css.note}>{note}</bdi>
        </span>
      </button>
    </li>
  )
}

interface MessageHitProps {
  readonly message: Message
  /** Where it was found; undefined if that is no longer one's own. */
  readonly chat: ChatItem | undefined
  readonly query: string
  readonly onOpen: () => void
}

/** A message under the name of its chat. Who wrote it is said where that name does not say it. */
export function MessageHit({ message, chat, query, onOpen }: MessageHitProps) {
  const { i18n } = useTranslation()
  const title = useTitle(chat)
  const { whole } = useWords()
  const { sender } = message
  const who = useAuthorOf()(sender)
  const isPartner = chat?.partner?.id === sender.id
  return (
    <Hit
      id={chat ? (chat.partner?.id ?? chat.id) : sender.id}
      name={chat ? title : who}
      isGroup={chat?.kind === 'group'}
      time={shortTime(i18n.language, message.at)}
      note={
        <>
          {chat && !isPartner && <span className={css.who}>{who}: </span>}
          <Excerpt text={whole(message, message.chatId)} query={query} />
        </>
      }
      onOpen={onOpen}
    />
  )
}

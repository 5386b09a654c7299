import { Ban, Forward } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Chat, Row, Sender } from '../../src/client/index.ts'
import { Attachments } from '../files/attachments.tsx'
import { clockTime, fullTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNames, useSenderName } from '../state/people.ts'
import { useNameOf } from '../state/titles.ts'
import { classes } from '../ui/classes.ts'
import { FormattedText, isEmojiOnly } from './format/formatted-text.tsx'
import css from './message-row.module.css'
import { drawn } from './own-kinds.ts'
import { Quote } from './quote.tsx'
import { StateIcon } from './state-icon.tsx'

interface BubbleProps {
  readonly chat: Chat
  readonly row: Row
  readonly isGroup: boolean
  /** May the Tab key stop in it. */
  readonly isStop: boolean
  readonly onShow: (messageId: string) => void
  readonly onPerson: (userId: string) => void
}

function Forwarded({ chat, sender }: { readonly chat: Chat; readonly sender: Sender }) {
  const { t } = useTranslation()
  const name = useSenderName(chat)(sender)
  return (
    <p className={css.forwarded}>
      <Forward size={14} aria-hidden="true" />
      {t('message.forwardedFrom')} <bdi>{useNameOf()({ name })}</bdi>
    </p>
  )
}

export function Bubble({ chat, row, isGroup, isStop, onShow, onPerson }: BubbleProps) {
  const { t, i18n } = useTranslation()
  const { text, forwardedFrom } = row
  const isBare = text !== undefined && isEmojiOnly(text) && row.replyTo === undefined && !forwardedFrom && row.attachments.length === 0
  return (
    <div data-bubble="" className={classes(css.bubble, isBare && css.emoji)}>
      {forwardedFrom && <Forwarded chat={chat} sender={forwardedFrom.sender} />}
      {row.replyTo !== undefined && text !== undefined && <Quote chat={chat} messageId={row.replyTo} onShow={onShow} />}
      {row.attachments.length > 0 && <Attachments chat={chat} row={row} isStop={isStop} />}
      <OwnKind row={row}>
        <Text chat={chat} row={row} onPerson={onPerson} />
      </OwnKind>
      <span className={css.meta}>
        {row.editedAt !== undefined && text !== undefined && (
          <span data-edited="" title={fullTime(i18n.language, row.editedAt)}>
            {t('message.edited')}
          </span>
        )}
        <time dateTime={new Date(row.at).toISOString()} title={fullTime(i18n.language, row.at)}>
          {clockTime(i18n.language, row.at)}
        </time>
        {row.isMine && text !== undefined && <StateIcon state={row.state} isGroup={isGroup} />}
      </span>
    </div>
  )
}

/** What the operator's module draws for a kind of message; the children where it draws nothing. */
function OwnKind({ row, children }: { readonly row: Row; readonly children: ReactNode }) {
  const { i18n } = useTranslation()
  const { language } = i18n
  const place = useRef<HTMLDivElement>(null)
  const [isDrawn, setDrawn] = useState(false)
  const { kind, text = '', data, at, isMine } = row
  useEffect(() => {
    if (kind === undefined) return
    let isOver = false
    void drawn(kind, { text, data, at, isMine, language }).then((node) => {
      if (isOver) return
      place.current?.replaceChildren(...(node ? [node] : []))
      setDrawn(node !== undefined)
    })
    return () => {
      isOver = true
    }
  }, [kind, text, data, at, isMine, language])
  if (kind === undefined) return children
  return (
    <>
      {!isDrawn && children}
      <div ref={place} className={css.own} hidden={!isDrawn} />
    </>
  )
}

/** What is left of deleted messages. */
export function Deleted({ row, count }: { readonly row: Row; readonly count: number }) {
  const { t, i18n } = useTranslation()
  return (
    <p className={css.deleted}>
      <Ban size={14} aria-hidden="true" />
      <span dir="auto">{count > 1 ? t('message.deletedMany', { count }) : t('message.deleted')}</span>
      <time dateTime={new Date(row.at).toISOString()} title={fullTime(i18n.language, row.at)}>
        {clockTime(i18n.language, row.at)}
      </time>
    </p>
  )
}

/** A text of more lines, or characters, is folded. */
const FOLDED_LINES = 24
const FOLDED_LENGTH = 1_600

function Text({ chat, row, onPerson }: Pick<BubbleProps, 'chat' | 'row' | 'onPerson'>) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  const { text = '', format, mentions } = row
  if (text === '') return null
  const isLong = text.length > FOLDED_LENGTH || text.split('\n', FOLDED_LINES + 1).length > FOLDED_LINES
  return (
    <>
      <span className={classes(css.text, isLong && !isWhole && css.folded)} dir="auto">
        {mentions.length === 0 ? (
          <FormattedText text={text} format={format} />
        ) : (
          <Named chat={chat} row={{ ...row, text }} onPerson={onPerson} />
        )}
      </span>
      {isLong && (
        <button type="button" className={css.more} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('message.showLess') : t('message.showMore')}
        </button>
      )}
    </>
  )
}

interface NamedProps extends Pick<BubbleProps, 'chat' | 'onPerson'> {
  readonly row: Row & { readonly text: string }
}

/** A text with mentions, which have the names of today. */
function Named({ chat, row: { text, format, mentions }, onPerson }: NamedProps) {
  const ids = mentions.flatMap((mention) => (mention.kind === 'user' ? [mention.userId] : []))
  const nameOf = useNames(chat, ids)
  return <FormattedText text={text} format={format} mentions={{ of: mentions, nameOf, press: onPerson }} />
}

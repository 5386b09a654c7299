import { Ellipsis, Reply } from 'lucide-react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat, Row } from '../../src/client/index.ts'
import { clockTime, fullTime } from '../i18n/times.ts'
import { problemText } from '../state/problem-text.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { FormattedText, isEmojiOnly } from './format/formatted-text.tsx'
import css from './message-row.module.css'
import { Quote } from './quote.tsx'
import { StateIcon } from './state-icon.tsx'

export interface RowActions {
  reply(row: Row): void
  show(messageId: string): void
  openMenu(row: Row, anchor: HTMLElement): void
}

interface MessageRowProps {
  readonly chat: Chat
  readonly row: Row
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isGroup: boolean
  /** The latest that is known of its sender. */
  readonly name: string | undefined
  /** May the Tab key stop here. */
  readonly isStop: boolean
  readonly isShown: boolean
  readonly actions: RowActions
}

export const MessageRow = memo(function MessageRow({
  chat,
  row,
  name,
  isFirst,
  isLast,
  isGroup,
  isStop,
  isShown,
  actions,
}: MessageRowProps) {
  const { t } = useTranslation()
  const author = useNameOf()({ name })
  const isTheirs = !row.isMine
  const label = `${row.isMine ? t('message.you') : author}: ${row.text ?? t('message.deleted')}`
  return (
    <article
      className={classes(css.row, row.isMine && css.mine, isFirst && css.first, isLast && css.last, isShown && css.shown)}
      aria-label={label}
      data-message={row.key}
      data-state={row.state}
      tabIndex={isStop ? 0 : -1}
      onContextMenu={(event) => {
        if (window.getSelection()?.toString() || (event.target as HTMLElement).closest('a')) return
        event.preventDefault()
        actions.openMenu(row, event.currentTarget.querySelector<HTMLElement>('[data-more]') ?? event.currentTarget)
      }}
    >
      {isGroup && isTheirs && <span className={css.gutter}>{isLast && <Avatar id={row.sender.id} name={name} size={32} />}</span>}
      <div className={css.column}>
        {isGroup && isTheirs && isFirst && <bdi className={css.name}>{author}</bdi>}
        <div className={css.line}>
          <Bubble chat={chat} row={row} isGroup={isGroup} onShow={actions.show} />
          <Tools row={row} isStop={isStop} actions={actions} />
        </div>
        {row.state === 'failed' && <Failed chat={chat} row={row} />}
      </div>
    </article>
  )
})

interface BubbleProps {
  readonly chat: Chat
  readonly row: Row
  readonly isGroup: boolean
  readonly onShow: (messageId: string) => void
}

function Bubble({ chat, row, isGroup, onShow }: BubbleProps) {
  const { t, i18n } = useTranslation()
  const { text } = row
  return (
    <div
      data-bubble=""
      className={classes(css.bubble, text === undefined && css.deleted, text !== undefined && isEmojiOnly(text) && css.emoji)}
    >
      {row.replyTo !== undefined && text !== undefined && <Quote chat={chat} messageId={row.replyTo} onShow={onShow} />}
      <Text text={text} />
      <span className={css.meta}>
        {row.editedAt !== undefined && text !== undefined && (
          <span title={fullTime(i18n.language, row.editedAt)}>{t('message.edited')}</span>
        )}
        <time dateTime={new Date(row.at).toISOString()} title={fullTime(i18n.language, row.at)}>
          {clockTime(i18n.language, row.at)}
        </time>
        {row.isMine && text !== undefined && <StateIcon state={row.state} isGroup={isGroup} />}
      </span>
    </div>
  )
}

/** A text of more lines, or characters, is folded. */
const FOLDED_LINES = 24
const FOLDED_LENGTH = 1_600

function Text({ text }: { readonly text: string | undefined }) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  const isLong = text !== undefined && (text.length > FOLDED_LENGTH || text.split('\n', FOLDED_LINES + 1).length > FOLDED_LINES)
  return (
    <>
      <span className={classes(css.text, isLong && !isWhole && css.folded)} dir="auto">
        {text === undefined ? t('message.deleted') : <FormattedText text={text} format="text" />}
      </span>
      {isLong && (
        <button type="button" className={css.more} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('message.showLess') : t('message.showMore')}
        </button>
      )}
    </>
  )
}

function Tools({ row, isStop, actions }: { readonly row: Row; readonly isStop: boolean; readonly actions: RowActions }) {
  const { t } = useTranslation()
  if (row.text === undefined) return null
  const tabIndex = isStop ? 0 : -1
  return (
    <span className={css.tools}>
      {row.id !== undefined && (
        <IconButton label={t('message.reply')} tabIndex={tabIndex} onClick={() => actions.reply(row)}>
          <Reply size={17} />
        </IconButton>
      )}
      <IconButton
        label={t('message.actions')}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        data-more=""
        onClick={(event) => actions.openMenu(row, event.currentTarget)}
      >
        <Ellipsis size={17} />
      </IconButton>
    </span>
  )
}

function Failed({ chat, row }: { readonly chat: Chat; readonly row: Row }) {
  const { t } = useTranslation()
  return (
    <div className={css.failed}>
      <span>
        {t('message.state.failed')}. {problemText(row.problem)}
      </span>
      <Button look="quiet" onClick={() => chat.pending(row.key)?.retry()}>
        {t('message.retry')}
      </Button>
      <Button look="quiet" onClick={() => chat.pending(row.key)?.cancel()}>
        {t('message.cancel')}
      </Button>
    </div>
  )
}

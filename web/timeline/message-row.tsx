import { Ban, Ellipsis, Reply } from 'lucide-react'
import { type CSSProperties, memo, useState } from 'react'
import type { Chat, Row } from '../../src/client/index.ts'
import { clockTime, fullTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { problemText } from '../state/problem-text.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { hueOf } from '../ui/hue.ts'
import { FormattedText, isEmojiOnly } from './format/formatted-text.tsx'
import css from './message-row.module.css'
import { Quote } from './quote.tsx'
import { StateIcon } from './state-icon.tsx'

export interface RowActions {
  reply(row: Row): void
  show(messageId: string): void
  openMenu(row: Row, anchor: HTMLElement): void
  showPerson(userId: string): void
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
  /** So many deleted messages in a row; 0 if it is not deleted. */
  readonly deletedCount: number
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
  deletedCount,
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
      {isGroup && isTheirs && (
        <span role="presentation" className={css.gutter} onClick={() => actions.showPerson(row.sender.id)}>
          {isLast && <Avatar id={row.sender.id} name={name} size={32} />}
        </span>
      )}
      <div className={css.column}>
        {isGroup && isTheirs && isFirst && (
          <button
            type="button"
            className={css.name}
            style={{ '--hue': hueOf(row.sender.id) } as CSSProperties}
            tabIndex={isStop ? 0 : -1}
            onClick={() => actions.showPerson(row.sender.id)}
          >
            <bdi>{author}</bdi>
          </button>
        )}
        {deletedCount > 0 ? (
          <Deleted row={row} count={deletedCount} />
        ) : (
          <div className={css.line}>
            <Bubble chat={chat} row={row} isGroup={isGroup} onShow={actions.show} />
            <Tools row={row} isStop={isStop} isLast={isLast} actions={actions} />
          </div>
        )}
        {row.state === 'failed' && <Failed chat={chat} row={row} />}
      </div>
    </article>
  )
})

/** What is left of deleted messages. */
function Deleted({ row, count }: { readonly row: Row; readonly count: number }) {
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
    <div data-bubble="" className={classes(css.bubble, text !== undefined && isEmojiOnly(text) && row.replyTo === undefined && css.emoji)}>
      {row.replyTo !== undefined && text !== undefined && <Quote chat={chat} messageId={row.replyTo} onShow={onShow} />}
      <Text text={text} />
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

interface ToolsProps extends Pick<MessageRowProps, 'row' | 'isStop' | 'isLast' | 'actions'> {}

function Tools({ row, isStop, isLast, actions }: ToolsProps) {
  const { t, i18n } = useTranslation()
  if (row.text === undefined) return null
  const tabIndex = isStop ? 0 : -1
  return (
    <span className={css.tools}>
      {!isLast && (
        <span className={css.at} aria-hidden="true">
          {clockTime(i18n.language, row.at)}
        </span>
      )}
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

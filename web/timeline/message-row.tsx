import { type CSSProperties, memo } from 'react'
import type { Chat, Row } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Reactions } from '../reactions/reactions.tsx'
import { useSpoken } from '../state/message-words.ts'
import { problemText } from '../state/problem-text.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { hueOf } from '../ui/hue.ts'
import { Bubble, Deleted } from './bubble.tsx'
import css from './message-row.module.css'
import type { RowActions } from './row-actions.ts'
import { Tools } from './tools.tsx'

interface MessageRowProps {
  readonly chat: Chat
  readonly row: Row
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isGroup: boolean
  /** It mentions the user. */
  readonly isForMe: boolean
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
  isForMe,
  deletedCount,
  actions,
}: MessageRowProps) {
  const { t } = useTranslation()
  const author = useNameOf()({ name })
  const isTheirs = !row.isMine
  const spoken = useSpoken(chat, row)
  const label = `${row.isMine ? t('message.you') : author}: ${spoken ?? t('message.deleted')}`
  return (
    <article
      className={classes(
        css.row,
        row.isMine && css.mine,
        isFirst && css.first,
        isLast && css.last,
        isShown && css.shown,
        isForMe && css.forMe,
      )}
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
            <Bubble chat={chat} row={row} isGroup={isGroup} isStop={isStop} onShow={actions.show} onPerson={actions.showPerson} />
            <Tools row={row} isStop={isStop} isLast={isLast} actions={actions} />
          </div>
        )}
        {row.reactions.length > 0 && <Reactions chat={chat} row={row} isStop={isStop} />}
        {row.state === 'failed' && <Failed chat={chat} row={row} />}
      </div>
    </article>
  )
})

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

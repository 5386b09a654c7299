import { useState } from 'react'
import type { Chat, Reaction, Row } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { useNames } from '../state/people.ts'
import { isolated } from '../ui/isolated.ts'
import { react } from './react.ts'
import css from './reactions.module.css'

interface ReactionsProps {
  readonly chat: Chat
  readonly row: Row
  /** Whether the Tab key stops here. */
  readonly isStop: boolean
}

/** More kinds are folded. */
const SHOWN = 12

/** What others feel about a message, in the order of first use; pressing one joins in, or takes it back. */
export function Reactions({ chat, row, isStop }: ReactionsProps) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  const { reactions } = row
  const shown = isWhole ? reactions : reactions.slice(0, SHOWN)
  return (
    <div className={css.reactions} role="group" aria-label={t('reaction.label')}>
      {shown.map((reaction) => (
        <Pill key={reaction.emoji} chat={chat} row={row} reaction={reaction} isStop={isStop} />
      ))}
      {shown.length < reactions.length && (
        <button type="button" className={css.pill} tabIndex={isStop ? 0 : -1} onClick={() => setWhole(true)}>
          +{reactions.length - shown.length}
        </button>
      )}
    </div>
  )
}

interface PillProps extends ReactionsProps {
  readonly reaction: Reaction
}

function Pill({ chat, row, reaction: { emoji, count, userIds }, isStop }: PillProps) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  const nameOf = useNames(chat, userIds)
  const isMine = row.myReactions?.includes(emoji) === true
  const others = userIds.filter((id) => id !== me?.id).map((id) => isolated(nameOf(id) ?? t('chat.deletedPerson')))
  const unnamed = count - others.length - (isMine ? 1 : 0)
  const names = [...others, ...(unnamed > 0 ? [t('reaction.more', { count: unnamed })] : []), ...(isMine ? [t('reaction.you')] : [])].join(
    ', ',
  )
  const words = `${emoji} ${count}: ${names}`
  return (
    <button
      type="button"
      className={css.pill}
      aria-pressed={isMine}
      aria-label={words}
      title={words}
      tabIndex={isStop ? 0 : -1}
      onClick={() => void react(chat, row, emoji)}
      onContextMenu={(event) => {
        if (row.id === undefined) return
        event.preventDefault()
        event.stopPropagation()
        openDialog({ kind: 'reactors', chatId: chat.id, messageId: row.id })
      }}
    >
      <span aria-hidden="true" className={css.emoji}>
        {emoji}
      </span>
      <span aria-hidden="true">{count}</span>
    </button>
  )
}

import { Ellipsis, Reply, SmilePlus } from 'lucide-react'
import type { Row } from '../../src/client/index.ts'
import { clockTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { frequentEmoji } from '../reactions/react.ts'
import { IconButton } from '../ui/button.tsx'
import css from './message-row.module.css'
import type { RowActions } from './row-actions.ts'

interface ToolsProps {
  readonly row: Row
  readonly isStop: boolean
  readonly isLast: boolean
  readonly actions: RowActions
}

const QUICK = 3

/** What can be done with a message at once, beside it. */
export function Tools({ row, isStop, isLast, actions }: ToolsProps) {
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
        <>
          {frequentEmoji(QUICK).map((emoji) => (
            <IconButton
              key={emoji}
              label={t('reaction.with', { emoji })}
              className={css.quick}
              aria-pressed={row.myReactions?.includes(emoji) === true}
              tabIndex={tabIndex}
              onClick={() => actions.react(row, emoji)}
            >
              <span aria-hidden="true">{emoji}</span>
            </IconButton>
          ))}
          <IconButton
            label={t('reaction.add')}
            aria-haspopup="dialog"
            tabIndex={tabIndex}
            data-react=""
            onClick={(event) => actions.pickReaction(row, event.currentTarget)}
          >
            <SmilePlus size={17} />
          </IconButton>
          <IconButton label={t('message.reply')} tabIndex={tabIndex} onClick={() => actions.reply(row)}>
            <Reply size={17} />
          </IconButton>
        </>
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

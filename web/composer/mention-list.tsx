import { UsersRound } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import css from './mention-list.module.css'
import type { Nameable } from './use-mention-list.ts'

interface MentionListProps {
  readonly id: string
  readonly options: readonly Nameable[]
  readonly active: number
  readonly onPick: (option: Nameable) => void
}

/** Who, or which emoji, can be named, above the field; the focus stays in it. */
export function MentionList({ id, options, active, onPick }: MentionListProps) {
  const { t } = useTranslation()
  const isEmoji = options[0]?.emoji !== undefined
  return (
    <div id={id} role="listbox" tabIndex={0} aria-label={isEmoji ? t('emoji.list') : t('mention.list')} className={css.list}>
      {options.map((option, i) => (
        <button
          key={option.id}
          ref={i === active ? intoSight : undefined}
          type="button"
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          className={css.option}
          // The field keeps the focus, and its caret.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(option)}
        >
          <Shown option={option} />
        </button>
      ))}
    </div>
  )
}

function Shown({ option }: { readonly option: Nameable }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  if (option.emoji !== undefined)
    return (
      <>
        <span className={css.emoji} aria-hidden="true">
          {option.emoji}
        </span>
        <span className={css.name}>{option.label}</span>
      </>
    )
  return (
    <>
      {option.person ? (
        <Avatar id={option.id} name={option.person.name} size={28} />
      ) : (
        <span className={css.all}>
          <UsersRound size={16} aria-hidden="true" />
        </span>
      )}
      <bdi className={css.name}>{option.person ? nameOf(option.person) : t('mention.all')}</bdi>
      <span className={css.note}>
        {option.person ? option.person.username && `@${option.person.username}` : t('chat.members', { count: option.count ?? 0 })}
      </span>
    </>
  )
}

const intoSight = (option: HTMLElement | null) => option?.scrollIntoView({ block: 'nearest' })

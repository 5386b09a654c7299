import { useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNames } from '../state/people.ts'
import type { Told } from '../state/told.ts'
import { isolated } from '../ui/isolated.ts'
import css from './between.module.css'
import { type NameOf, wordsOf } from './system-words.ts'

/** A longer run is folded. */
const SHOWN = 3

const concerned = (told: Told): string | undefined => ('user' in told ? told.user.id : 'userId' in told ? told.userId : told.actorId)

/** What the log tells between two messages. */
export function SystemLines({ chat, told }: { readonly chat: Chat; readonly told: readonly Told[] }) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(told.length <= SHOWN + 1)
  const known = useNames(
    chat,
    told.flatMap((one) => concerned(one) ?? []),
  )
  const nameOf: NameOf = (id) => {
    const added = told.find((one) => one.type === 'member.added' && one.user.id === id)
    const name = (id && known(id)) ?? (added?.type === 'member.added' ? added.user.name : undefined)
    return isolated(name ?? t('chat.deletedPerson'))
  }
  return (
    <div className={css.system} role="article" aria-label={t('system.label')}>
      {(isWhole ? told : told.slice(0, SHOWN)).map((one) => (
        <p key={one.seq}>{wordsOf(one, nameOf, t)}</p>
      ))}
      {!isWhole && (
        <button type="button" className={css.rest} onClick={() => setWhole(true)}>
          {t('system.more', { count: told.length - SHOWN })}
        </button>
      )}
    </div>
  )
}

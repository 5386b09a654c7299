import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../src/client/index.ts'
import type { Told } from '../state/log.ts'
import { useNames } from '../state/people.ts'
import { isolated } from '../ui/isolated.ts'
import css from './between.module.css'

/** A longer run is folded. */
const SHOWN = 3

type NameOf = (id: string | undefined) => string

const words: { readonly [T in Told['type']]: (told: Extract<Told, { type: T }>, nameOf: NameOf, t: TFunction) => string } = {
  'chat.created': ({ actorId }, nameOf, t) => t('system.created', { name: nameOf(actorId) }),
  'chat.renamed': ({ actorId, name }, nameOf, t) => t('system.renamed', { name: nameOf(actorId), title: isolated(name) }),
  'member.added': ({ actorId, user }, nameOf, t) => t(actorId === user.id ? 'system.joined' : 'system.added', { name: nameOf(user.id) }),
  'member.left': ({ userId }, nameOf, t) => t('system.left', { name: nameOf(userId) }),
  'member.removed': ({ userId }, nameOf, t) => t('system.removed', { name: nameOf(userId) }),
  'member.role_changed': ({ userId, role }, nameOf, t) => t(`system.role_${role}`, { name: nameOf(userId) }),
}

export const wordsOf = (told: Told, nameOf: NameOf, t: TFunction): string =>
  (words[told.type] as (...of: unknown[]) => string)(told, nameOf, t)

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
    <div className={css.system}>
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

import { useState } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText, faultsOf } from '../state/problem-text.ts'
import { isVisible } from '../state/visible.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Field } from '../ui/field.tsx'
import css from './parts.module.css'
import { Picture } from './picture.tsx'

const fields = ['name', 'username'] as const
type FieldName = (typeof fields)[number]

export function Profile() {
  const { account } = useClient()
  const me = useStore(account.me)
  if (!me) return null
  return (
    <section className={css.section}>
      <div className={css.hero}>
        <Avatar id={me.id} name={me.name} size={56} />
        <span className={css.words}>
          <bdi className={css.name}>{me.name}</bdi>
          <span className={css.quiet}>{me.email ?? `@${me.username ?? ''}`}</span>
        </span>
      </div>
      <Picture has={me.avatar !== undefined} onChange={(fileId) => account.update({ avatar: fileId ?? null })} />
      {fields.map((name) => (
        <Saved key={`${name} ${me[name]}`} name={name} value={me[name] ?? ''} />
      ))}
    </section>
  )
}

const shapes = {
  name: { maxLength: 128, autoComplete: 'name' },
  username: { maxLength: 32, autoCapitalize: 'none', spellCheck: false, autoComplete: 'username' },
} as const

/** A field that is saved alone, when it is left or by Enter. A value that was refused stays, with the reason. */
function Saved({ name, value }: { readonly name: FieldName; readonly value: string }) {
  const { t } = useTranslation()
  const { account } = useClient()
  const [next, setNext] = useState(value)
  const [fault, setFault] = useState<string>()

  async function save() {
    const wanted = next.trim()
    if (wanted === value) return setFault(undefined)
    if (!isVisible(wanted)) return setFault(t(`problem.${name}`))
    try {
      await account.update({ [name]: wanted })
      setFault(undefined)
      tell(t('settings.saved'))
    } catch (refused) {
      setFault(faultsOf(refused)[name] ?? errorText(refused))
    }
  }

  return (
    <Field
      {...shapes[name]}
      name={name}
      label={t(`settings.${name}`)}
      value={next}
      fault={fault}
      onChange={(event) => setNext(event.target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => event.key === 'Enter' && void save()}
    />
  )
}

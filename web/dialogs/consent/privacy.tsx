import { useEffect, useState } from 'react'
import { myPrivacy, type Privacy, setPrivacy } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Choice } from '../../ui/choice.tsx'
import css from '../parts.module.css'
import { BlockedPeople } from './blocked-people.tsx'

const openness = ['anyone', 'known', 'nobody'] as const
const choices = { write: openness, add: openness, lastSeen: ['known', 'nobody'] } as const
const kinds = ['write', 'add', 'lastSeen'] as const

/** Who reaches the user, and whom the user has blocked. */
export function PrivacyPart() {
  const client = useClient()
  const [kept, setKept] = useState<Privacy>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    const aborted = new AbortController()
    myPrivacy(client, { signal: aborted.signal }).then(setKept, (refused: unknown) => !aborted.signal.aborted && setError(refused))
    return () => aborted.abort()
  }, [client])
  return (
    <>
      {error !== undefined && (
        <p className={css.fault} role="alert">
          {errorText(error)}
        </p>
      )}
      {kept && kinds.map((kind) => <One key={kind} kind={kind} kept={kept[kind]} />)}
      <BlockedPeople />
    </>
  )
}

/** A choice that is saved alone. One that was refused stays, with the reason. */
function One<K extends keyof Privacy>({ kind, kept }: { readonly kind: K; readonly kept: Privacy[K] }) {
  const { t } = useTranslation()
  const client = useClient()
  const [chosen, setChosen] = useState<string>(kept)
  const [fault, setFault] = useState<string>()

  async function choose(value: string) {
    setChosen(value)
    setFault(undefined)
    try {
      await setPrivacy(client, { [kind]: value })
      tell(t('settings.saved'))
    } catch (refused) {
      setFault(errorText(refused))
    }
  }

  const title = t(`consent.${kind as 'write'}`)
  return (
    <section className={css.section}>
      <h3>{title}</h3>
      <Choice
        label={title}
        options={choices[kind].map((value) => ({ value, text: t(`consent.by_${value}`) }))}
        value={chosen}
        onChoose={(value) => void choose(value)}
      />
      {fault !== undefined && (
        <p className={css.fault} role="alert">
          {fault}
        </p>
      )}
      {kind === 'write' && <p className={css.quiet}>{t('consent.knownHint')}</p>}
    </section>
  )
}

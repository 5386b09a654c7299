import { KeyRound, Smartphone } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import {
  type Factors as All,
  addTotp,
  type Factor,
  listFactors,
  newRecoveryCodes,
  type NewTotp as Secret,
} from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { makePasskey, useHasPasskeys } from '../../session/passkeys.ts'
import { deviceName } from '../../state/device-name.ts'
import { Button } from '../../ui/button.tsx'
import { Fault } from '../../ui/fault.tsx'
import { keepFocus } from '../../ui/keep-focus.ts'
import css from '../parts.module.css'
import { FactorLine } from './factor-line.tsx'
import { NewTotp } from './new-totp.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { WithPassword } from './with-password.tsx'

type Step = 'totp' | 'passkey' | 'codes' | undefined

/** Authenticator apps, passkeys and recovery codes. */
export function Factors() {
  const { t } = useTranslation()
  const client = useClient()
  const [all, setAll] = useState<All>()
  const [error, setError] = useState<unknown>()
  const [step, setStep] = useState<Step>()
  const [secret, setSecret] = useState<Secret>()
  const [codes, setCodes] = useState<readonly string[]>()
  const load = useCallback(() => void listFactors(client).then(setAll, setError), [client])
  useEffect(load, [load])

  function added(made: readonly string[] | undefined) {
    setCodes(made)
    setSecret(undefined)
    load()
  }
  const end = () => setStep(undefined)
  return (
    <section className={css.section} aria-busy={!all && error === undefined}>
      <h3>{t('safety.factors')}</h3>
      <p className={css.quiet}>{t('safety.factorsHint')}</p>
      <Fault error={error} />
      <ul ref={keepFocus} className={css.list}>
        {all?.items.map((factor: Factor) => (
          <FactorLine key={factor.id} factor={factor} onRemoved={load} />
        ))}
      </ul>
      {all && all.items.length > 0 && <p className={css.quiet}>{t('safety.codesLeft', { count: all.codesLeft })}</p>}
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      {secret && <NewTotp secret={secret} onDone={added} onCancel={() => setSecret(undefined)} />}
      {step === 'totp' && (
        <WithPassword
          words={t('safety.next')}
          run={async (currentPassword) => setSecret(await addTotp(client, { currentPassword, name: deviceName() }))}
          onEnd={end}
        />
      )}
      {step === 'passkey' && (
        <WithPassword words={t('safety.addPasskey')} run={async (password) => added(await makePasskey(client, password))} onEnd={end} />
      )}
      {step === 'codes' && (
        <WithPassword
          words={t('safety.newCodes')}
          hint={t('safety.newCodesHint')}
          run={async (password) => added(await newRecoveryCodes(client, password))}
          onEnd={end}
        />
      )}
      {!step && !secret && !codes && all && <Ways hasFactors={all.items.length > 0} onChoose={setStep} />}
    </section>
  )
}

function Ways({ hasFactors, onChoose }: { readonly hasFactors: boolean; readonly onChoose: (step: Step) => void }) {
  const { t } = useTranslation()
  const hasPasskeys = useHasPasskeys()
  return (
    <div className={css.actions}>
      <Button onClick={() => onChoose('totp')}>
        <Smartphone size={17} aria-hidden="true" />
        {t('safety.addTotp')}
      </Button>
      {hasPasskeys && (
        <Button onClick={() => onChoose('passkey')}>
          <KeyRound size={17} aria-hidden="true" />
          {t('safety.addPasskey')}
        </Button>
      )}
      {hasFactors && <Button onClick={() => onChoose('codes')}>{t('safety.newCodes')}</Button>}
    </div>
  )
}

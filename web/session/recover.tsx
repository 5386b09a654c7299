import { useState } from 'react'
import { requestReset, resetPassword } from '../../src/client/order.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth } from '../state/auth.ts'
import { deviceName } from '../state/device-name.ts'
import { faultsOf } from '../state/problem-text.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Fault } from '../ui/fault.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { asksForSecond, CodeField } from './code-field.tsx'
import css from './sign-in.module.css'

interface RecoverProps {
  readonly login: string
  readonly onClose: () => void
}

/** A new password by a code: one that is mailed, or one that the staff gives. */
export default function Recover({ login, onClose }: RecoverProps) {
  const { t } = useTranslation()
  const [hasCode, setHasCode] = useState(false)
  return (
    <>
      <h2 className={css.step}>{t('safety.recover')}</h2>
      {hasCode ? <Reset /> : <Ask login={login} onDone={() => setHasCode(true)} />}
      <Button look="quiet" onClick={onClose}>
        {t('safety.toSignIn')}
      </Button>
    </>
  )
}

function Ask({ login, onDone }: { readonly login: string; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const current = useStore(auth)
  const { error, isBusy, run } = useDeed()
  async function ask(form: FormData) {
    if (await run(() => requestReset(current, entry(form, 'login').trim()))) onDone()
  }
  return (
    <Form className={css.form} onSubmit={(form) => void ask(new FormData(form))}>
      <p className={css.quiet}>{t('safety.recoverHint')}</p>
      <Field
        name="login"
        label={t('auth.login')}
        defaultValue={login}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
      />
      <Fault error={error} />
      <Button look="strong" type="submit" disabled={isBusy}>
        {t('safety.sendCode')}
      </Button>
      <Button onClick={onDone}>{t('safety.haveCode')}</Button>
    </Form>
  )
}

function Reset() {
  const { t } = useTranslation()
  const current = useStore(auth)
  const { error, isBusy, run } = useDeed()
  const [needsSecond, setNeedsSecond] = useState(false)
  const faults = faultsOf(error)
  const isSecondAsked = needsSecond || asksForSecond(error)
  function reset(form: FormData) {
    setNeedsSecond(isSecondAsked)
    const [code, password, secondFactor] = ['code', 'password', 'second'].map((name) => entry(form, name).trim())
    void run(() =>
      resetPassword(current, { code: code!, password: password!, secondFactor: secondFactor || undefined, deviceName: deviceName() }),
    )
  }
  return (
    <Form className={css.form} onSubmit={(form) => reset(new FormData(form))}>
      <p className={css.quiet}>{t('safety.resetHint')}</p>
      <CodeField name="code" label={t('safety.code')} error={faults.password ? undefined : error} autoFocus />
      <Field
        name="password"
        type="password"
        label={t('settings.newPassword')}
        hint={t('settings.newPasswordHint')}
        fault={faults.password}
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        required
      />
      {isSecondAsked && <CodeField name="second" label={t('safety.secondFactor')} error={undefined} autoFocus />}
      <Button look="strong" type="submit" disabled={isBusy}>
        {t('safety.setPassword')}
      </Button>
    </Form>
  )
}

import { useState } from 'react'
import { isProblem } from '../../../src/client/index.ts'
import { changeEmail, sendEmailCode, verifyEmail } from '../../../src/client/order.ts'
import { useClient, useMe } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { CodeField } from '../../session/code-field.tsx'
import { tell } from '../../state/notices.ts'
import { faultsOf } from '../../state/problem-text.ts'
import { useDeed } from '../../state/use-deed.ts'
import { Button } from '../../ui/button.tsx'
import { entry } from '../../ui/entry.ts'
import { Fault } from '../../ui/fault.tsx'
import { Field } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { CurrentPassword } from '../current-password.tsx'
import css from '../parts.module.css'

/** The email of the account: whether it is verified, and another one. */
export function Email() {
  const { t } = useTranslation()
  const me = useMe()
  const [isChanging, setChanging] = useState(false)
  if (me?.email === undefined) return null
  return (
    <section className={css.section}>
      <h3>{t('auth.email')}</h3>
      <p>
        <bdi>{me.email}</bdi>
        {!me.isEmailVerified && <span className={css.quiet}> · {t('safety.unverified')}</span>}
      </p>
      {!me.isEmailVerified && <Verify key={me.email} />}
      {isChanging ? (
        <Change onDone={() => setChanging(false)} />
      ) : (
        <Button onClick={() => setChanging(true)}>{t('safety.changeEmail')}</Button>
      )}
    </section>
  )
}

function Verify() {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const sending = useDeed()
  async function verify(form: FormData) {
    if (await run(() => verifyEmail(client, entry(form, 'code').trim()))) tell(t('safety.verified'))
  }
  async function send() {
    if (await sending.run(() => sendEmailCode(client))) tell(t('safety.codeSent'))
  }
  return (
    <Form className={css.section} onSubmit={(form) => void verify(new FormData(form))}>
      <p className={css.quiet}>{t('safety.verifyHint')}</p>
      <CodeField name="code" label={t('safety.code')} error={error} />
      <Fault error={sending.error} />
      <div className={css.actions}>
        <Button type="submit" look="strong" disabled={isBusy}>
          {t('safety.verify')}
        </Button>
        <Button disabled={sending.isBusy} onClick={() => void send()}>
          {t('safety.sendAgain')}
        </Button>
      </div>
    </Form>
  )
}

function Change({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const faults = faultsOf(error)
  const isWrong = isProblem(error) && error.code === 'bad-credentials'
  async function change(form: FormData) {
    const [email, currentPassword] = [entry(form, 'email').trim(), entry(form, 'current')]
    if (await run(() => changeEmail(client, { email, currentPassword }))) onDone()
  }
  return (
    <Form className={css.section} onSubmit={(form) => void change(new FormData(form))}>
      <Field
        name="email"
        type="email"
        label={t('safety.newEmail')}
        fault={faults.email}
        autoComplete="email"
        maxLength={254}
        autoFocus
        required
      />
      <CurrentPassword name="current" isWrong={isWrong} isFirst={false} />
      {!isWrong && Object.keys(faults).length === 0 && <Fault error={error} />}
      <div className={css.actions}>
        <Button type="submit" look="strong" disabled={isBusy}>
          {t('safety.changeEmail')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </Form>
  )
}

import { upgradeGuest } from '../../../src/client/order.ts'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { auth } from '../../state/auth.ts'
import { tell } from '../../state/notices.ts'
import { faultsOf } from '../../state/problem-text.ts'
import { useDeed } from '../../state/use-deed.ts'
import { Button } from '../../ui/button.tsx'
import { entry } from '../../ui/entry.ts'
import { Fault } from '../../ui/fault.tsx'
import { Field } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import css from '../parts.module.css'

/** Makes a guest an account, with the same chats. */
export function KeepAccount() {
  const { t } = useTranslation()
  const client = useClient()
  const current = useStore(auth)
  const { error, isBusy, run } = useDeed()
  const faults = faultsOf(error)
  async function keep(form: FormData) {
    const account = { email: entry(form, 'email').trim(), password: entry(form, 'password') }
    if (await run(() => upgradeGuest(client, current, account))) tell(t('safety.accountKept'))
  }
  return (
    <Form className={css.section} onSubmit={(form) => void keep(new FormData(form))}>
      <h3>{t('safety.keepAccount')}</h3>
      <p className={css.quiet}>{t('safety.keepHint')}</p>
      <Field name="email" type="email" label={t('auth.email')} fault={faults.email} autoComplete="email" maxLength={254} required />
      <Field
        name="password"
        type="password"
        label={t('auth.password')}
        hint={t('auth.passwordHint')}
        fault={faults.password}
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        required
      />
      {Object.keys(faults).length === 0 && <Fault error={error} />}
      <Button type="submit" look="strong" disabled={isBusy}>
        {t('safety.keepAccount')}
      </Button>
    </Form>
  )
}

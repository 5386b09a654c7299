import { useTranslation } from '../i18n/use-translation.ts'
import type { Deed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Form } from '../ui/form.tsx'
import { CodeField } from './code-field.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { useHasPasskeys } from './passkeys.ts'
import css from './sign-in.module.css'

interface SecondFactorProps {
  readonly deed: Deed
  readonly onCode: (code: string) => void
  readonly onBack: () => void
}

/** The password was right; now a code of the authenticator app is asked for, or a recovery code. */
export function SecondFactor({ deed: { error, isBusy }, onCode, onBack }: SecondFactorProps) {
  const { t } = useTranslation()
  const hasPasskeys = useHasPasskeys()
  return (
    <Form className={css.form} onSubmit={(form) => onCode(entry(new FormData(form), 'code').trim())}>
      <p className={css.quiet}>{t('safety.secondHint')}</p>
      <CodeField name="code" label={t('safety.secondFactor')} error={error} autoFocus />
      <Button look="strong" type="submit" disabled={isBusy}>
        {t('auth.signIn')}
      </Button>
      {hasPasskeys && <PasskeyButton />}
      <Button look="quiet" onClick={onBack}>
        {t('safety.toSignIn')}
      </Button>
    </Form>
  )
}

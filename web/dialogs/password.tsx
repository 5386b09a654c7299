import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { isProblem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText, faultsOf } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { CurrentPassword } from './current-password.tsx'
import css from './parts.module.css'

/** Another password; all other sessions end with the old one. */
export function Password() {
  const { t } = useTranslation()
  const { account } = useClient()
  const [isOpen, setOpen] = useState(false)
  const [error, setError] = useState<unknown>()
  const faults = faultsOf(error)
  const isWrong = isProblem(error) && error.code === 'bad-credentials'

  async function change(form: FormData) {
    setError(undefined)
    try {
      await account.changePassword(entry(form, 'current'), entry(form, 'next'))
      setOpen(false)
      tell(t('settings.passwordChanged'))
    } catch (refused) {
      setError(refused)
    }
  }

  if (!isOpen)
    return (
      <Button onClick={() => setOpen(true)}>
        <KeyRound size={17} aria-hidden="true" />
        {t('settings.changePassword')}
      </Button>
    )
  return (
    <Form className={css.section} onSubmit={(form) => void change(new FormData(form))}>
      <CurrentPassword name="current" isWrong={isWrong} />
      <Field
        name="next"
        type="password"
        label={t('settings.newPassword')}
        hint={t('settings.newPasswordHint')}
        fault={faults.new_password}
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        required
      />
      {error !== undefined && !isWrong && !faults.new_password && (
        <p className={css.fault} role="alert">
          {errorText(error)}
        </p>
      )}
      <Button type="submit" look="strong">
        {t('settings.changePassword')}
      </Button>
    </Form>
  )
}

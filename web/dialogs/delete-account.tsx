import { useState } from 'react'
import { isProblem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Form } from '../ui/form.tsx'
import { CurrentPassword } from './current-password.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

interface DeleteAccountProps {
  /** A guest has none. */
  readonly hasPassword: boolean
  readonly onClose: () => void
  /** The account is gone. */
  readonly onDeleted: () => void
}

/** Asks for the password once more: nobody who finds a tab open can do this. */
export function DeleteAccount({ hasPassword, onClose, onDeleted }: DeleteAccountProps) {
  const { t } = useTranslation()
  const { account } = useClient()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const isWrong = isProblem(error) && error.code === 'bad-credentials'

  async function erase(form: FormData) {
    setBusy(true)
    setError(undefined)
    try {
      await account.delete(hasPassword ? entry(form, 'password') : '')
      onDeleted()
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <Frame title={t('settings.deleteAccount')} onClose={onClose} isAlert>
      <Form onSubmit={(form) => void erase(new FormData(form))}>
        <div className={css.body}>
          <p className={css.quiet}>{t('settings.deleteAccountHint')}</p>
          {hasPassword && <CurrentPassword name="password" isWrong={isWrong} />}
          {error !== undefined && !isWrong && (
            <p className={css.fault} role="alert">
              {errorText(error)}
            </p>
          )}
        </div>
        <footer className={css.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="danger" disabled={isBusy}>
            {t('settings.deleteForEver')}
          </Button>
        </footer>
      </Form>
    </Frame>
  )
}

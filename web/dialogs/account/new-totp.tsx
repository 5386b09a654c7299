import { confirmTotp, type NewTotp as Secret } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { CodeField } from '../../session/code-field.tsx'
import { useDeed } from '../../state/use-deed.ts'
import { Button } from '../../ui/button.tsx'
import { entry } from '../../ui/entry.ts'
import { Form } from '../../ui/form.tsx'
import { Qr } from '../../ui/qr.tsx'
import css from '../parts.module.css'

interface NewTotpProps {
  readonly secret: Secret
  readonly onDone: (codes: readonly string[] | undefined) => void
  readonly onCancel: () => void
}

/** The secret goes into the app, and a code of the app comes back. */
export function NewTotp({ secret: { id, secret, uri }, onDone, onCancel }: NewTotpProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  async function confirm(form: FormData) {
    await run(async () => onDone((await confirmTotp(client, id, entry(form, 'code').trim())).recoveryCodes))
  }
  return (
    <Form className={css.section} onSubmit={(form) => void confirm(new FormData(form))}>
      <p>{t('safety.totpHint')}</p>
      <Qr text={uri} label={t('safety.totpQr')} />
      <code className={css.codes} data-testid="totp-secret">
        {secret}
      </code>
      <p>
        <a href={uri}>{t('safety.openApp')}</a>
      </p>
      <CodeField name="code" label={t('safety.appCode')} error={error} autoFocus />
      <div className={css.actions}>
        <Button type="submit" look="strong" disabled={isBusy}>
          {t('safety.confirm')}
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </Form>
  )
}

import { Copy } from 'lucide-react'
import { useState } from 'react'
import { type OneTimeCode, recoverAccount } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { useWhen } from '../state/rules.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import { Asking } from './asking.tsx'

/** A code for a new password, shown once. */
export function Recovery({ userId }: { readonly userId: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const when = useWhen()
  const [made, setMade] = useState<OneTimeCode>()
  if (!made) return <Asking run={async () => setMade(await recoverAccount(client, userId))}>{t('admin.people.recover')}</Asking>
  return (
    <>
      <p className={parts.quiet}>{t('admin.people.recoverHint', { when: when(made.expiresAt) })}</p>
      <code className={parts.codes} data-testid="recovery-code">
        {made.code}
      </code>
      <Button onClick={() => void copyText(made.code).then((isCopied) => isCopied && tell(t('admin.people.copied')))}>
        <Copy size={17} aria-hidden="true" />
        {t('admin.people.copyCode')}
      </Button>
    </>
  )
}

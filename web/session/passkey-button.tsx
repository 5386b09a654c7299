import { KeyRound } from 'lucide-react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth } from '../state/auth.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'
import { enterByPasskey, passkeyText } from './passkeys.ts'

/** Signs in without a password. */
export function PasskeyButton() {
  const { t } = useTranslation()
  const current = useStore(auth)
  const { error, isBusy, run } = useDeed()
  return (
    <>
      <Button disabled={isBusy} onClick={() => void run(() => enterByPasskey(current))}>
        <KeyRound size={17} aria-hidden="true" />
        {t('safety.usePasskey')}
      </Button>
      <Fault error={error} text={passkeyText(error)} />
    </>
  )
}

import { Ban } from 'lucide-react'
import { useState } from 'react'
import { useClient, useIsBlocked } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { setBlocked } from '../../state/blocks.ts'
import { Button } from '../../ui/button.tsx'

/** Blocks a user, or ends that; on all devices of the user who presses it. */
export function BlockButton({ userId }: { readonly userId: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const isBlocked = useIsBlocked(userId)
  const [isBusy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    await setBlocked(client, { id: userId }, !isBlocked)
    setBusy(false)
  }
  return (
    <Button look={isBlocked ? 'plain' : 'danger'} aria-disabled={isBusy} onClick={() => isBusy || void press()}>
      <Ban size={17} aria-hidden="true" />
      {t(isBlocked ? 'consent.unblock' : 'consent.block')}
    </Button>
  )
}

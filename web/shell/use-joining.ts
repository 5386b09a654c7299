import { useEffect } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { openDialog } from '../state/dialog.ts'
import { forgetCode, invitationCode } from '../state/route.ts'

/** Whoever came by the link of a group is asked whether to join it, once they are signed in. */
export function useJoining(): void {
  const isKnown = useStore(useClient().account.me) !== undefined
  useEffect(() => {
    if (!isKnown) return
    const ask = () => {
      const code = invitationCode()
      if (code === undefined) return
      forgetCode()
      openDialog({ kind: 'join', code })
    }
    ask()
    addEventListener('hashchange', ask)
    return () => removeEventListener('hashchange', ask)
  }, [isKnown])
}

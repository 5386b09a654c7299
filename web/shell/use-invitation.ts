import { useEffect } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { forgetInvitation, invitedBy, openChat } from '../state/route.ts'

/** Who came by an invitation, or follows one here, is brought to the chat with the user who gave it; one's own, or nobody's, gets a sentence and a next step. */
export function useInvitation(): void {
  const client = useClient()
  const { t } = useTranslation()
  const me = useStore(client.account.me)
  const isKnown = me !== undefined
  useEffect(() => {
    if (!isKnown) return
    const aborted = new AbortController()
    const { signal } = aborted
    const open = async (username: string) => {
      const person = username === client.account.me.get()?.username ? undefined : await named(username)
      if (person) openChat((await client.chats.openPrivate(person.id, { signal })).id)
      else {
        tell(username === client.account.me.get()?.username ? t('auth.invitedByMe') : t('auth.invitedByNobody', { username }))
        openDialog({ kind: 'new-chat' })
      }
      forgetInvitation()
    }
    /** A whole username finds its user, however many others begin with it. */
    const named = async (wanted: string) => {
      let cursor: string | undefined
      for (let page = 0; page < MOST_PAGES; page++) {
        const { items, next } = await client.people.find(wanted, { signal, limit: 100, cursor })
        const person = items.find((one) => one.username === wanted)
        if (person || next === undefined) return person
        cursor = next
      }
      return undefined
    }
    const follow = () => {
      const username = invitedBy()?.toLowerCase()
      if (!username) return
      open(username).catch((error: unknown) => {
        if (!signal.aborted) tell(errorText(error), { isFault: true })
      })
    }
    follow()
    addEventListener('hashchange', follow, { signal })
    return () => aborted.abort()
  }, [client, t, isKnown])
}

const MOST_PAGES = 20

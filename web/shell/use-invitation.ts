import { useEffect } from 'react'
import { useClient } from '../../src/client/react.ts'
import { tell } from '../state/notices.ts'
import { errorText, problemText } from '../state/problem-text.ts'
import { forgetInvitation, invitedBy, openChat } from '../state/route.ts'

/** Whoever came by an invitation is brought to the chat with the person who gave it. */
export function useInvitation(): void {
  const client = useClient()
  useEffect(() => {
    const username = invitedBy()?.toLowerCase()
    if (!username) return
    const aborted = new AbortController()
    const open = async () => {
      const { items } = await client.people.find(username, { signal: aborted.signal, limit: 100 })
      const person = items.find((one) => one.username === username)
      if (person) openChat((await client.chats.openPrivate(person.id, { signal: aborted.signal })).id)
      else tell(problemText({ code: 'user-not-found' }), { isFault: true })
      forgetInvitation()
    }
    open().catch((error: unknown) => {
      if (!aborted.signal.aborted) tell(errorText(error), { isFault: true })
    })
    return () => aborted.abort()
  }, [client])
}

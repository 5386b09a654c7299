import { useEffect } from 'react'
import type { Chat, Person } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { holder } from './holder.ts'

/** Users who are named somewhere, and are in no list of this page: asked for once. */
const asked = holder<ReadonlyMap<string, Person | undefined>>(new Map())

/** Names by id, the latest that the page has heard of. */
export function useNames(chat: Chat, wanted: readonly string[]): (id: string) => string | undefined {
  const { people } = useClient()
  const { rows } = useStore(chat.timeline)
  const { items } = useStore(chat.members)
  const fetched = useStore(asked)
  const names = new Map<string, string | undefined>()
  for (const { person } of items) names.set(person.id, person.name)
  for (const { sender } of rows) names.set(sender.id, sender.name)
  const missing = wanted.filter((id) => !names.has(id) && !fetched.has(id)).join()

  useEffect(() => {
    for (const id of missing === '' ? [] : missing.split(',')) {
      const put = (person: Person | undefined) => asked.set(new Map(asked.get()).set(id, person))
      put(undefined)
      people.get(id).then(put, () => undefined)
    }
  }, [people, missing])

  return (id) => names.get(id) ?? fetched.get(id)?.name
}

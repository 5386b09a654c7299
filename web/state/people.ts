import { useEffect, useMemo } from 'react'
import type { Chat, Person, Sender } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { holder } from './holder.ts'
import { useLatest } from './renamed.ts'

/** Users who are named somewhere, and are in no list of this page: asked for once. */
const asked = holder<ReadonlyMap<string, Person | undefined>>(new Map())

/** Names by id, the latest that the page has heard of. */
export function useNames(chat: Chat, wanted: readonly string[]): (id: string) => string | undefined {
  const names = useKnownNames(chat)
  const fetched = useFetched(wanted.filter((id) => !names.has(id)))
  const latest = useLatest()
  return (id) => latest({ id, name: names.get(id) ?? fetched.get(id)?.name }).name
}

/** The name of the sender of a message that may have been read long ago: the latest that the chat knows. */
export function useSenderName(chat: Chat): (sender: Sender) => string | undefined {
  const names = useKnownNames(chat)
  const latest = useLatest()
  return ({ id, name }) => latest({ id, name: names.has(id) ? names.get(id) : name }).name
}

function useKnownNames(chat: Chat): ReadonlyMap<string, string | undefined> {
  const { rows } = useStore(chat.timeline)
  const { items } = useStore(chat.members)
  return useMemo(() => {
    const names = new Map<string, string | undefined>()
    for (const { sender } of rows) names.set(sender.id, sender.name)
    // Of these the client hears; messages name their senders as they were called when they were read.
    for (const { person } of items) names.set(person.id, person.name)
    return names
  }, [rows, items])
}

/** Users by id, as far as they have come; those of `wanted` are asked for once. */
export function useFetched(wanted: readonly string[]): ReadonlyMap<string, Person | undefined> {
  const { people } = useClient()
  const fetched = useStore(asked)
  const missing = [...new Set(wanted)].filter((id) => !fetched.has(id)).join()

  useEffect(() => {
    for (const id of missing === '' ? [] : missing.split(',')) {
      const put = (person: Person | undefined) => asked.set(new Map(asked.get()).set(id, person))
      put(undefined)
      people.get(id).then(put, () => undefined)
    }
  }, [people, missing])

  return fetched
}

/** A user of whom something newer is known. */
export const noteFetched = (person: Person): void => asked.set(new Map(asked.get()).set(person.id, person))

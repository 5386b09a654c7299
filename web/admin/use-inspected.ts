import { useEffect, useState } from 'react'
import { type InspectedChat, inspectChat } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'

/** What staff sees of chats, by id: `null` for those that are gone; undefined as long as it is not known. */
export function useInspected(ids: readonly string[]): ReadonlyMap<string, InspectedChat | null> {
  const client = useClient()
  const [known, setKnown] = useState<ReadonlyMap<string, InspectedChat | null>>(new Map())
  const wanted = [...new Set(ids)].join()
  useEffect(() => {
    const aborted = new AbortController()
    const { signal } = aborted
    const look = async (id: string) => {
      const chat = await inspectChat(client, id, { signal }).catch(() => null)
      if (!signal.aborted) setKnown((before) => new Map(before).set(id, chat))
    }
    void Promise.all((wanted === '' ? [] : wanted.split(',')).map(look))
    return () => aborted.abort()
  }, [client, wanted])
  return known
}

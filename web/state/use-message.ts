import { useEffect, useState } from 'react'
import type { Chat, Message, Row } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'

/** A message by id: from the timeline where it is there, which follows every event; else asked for once. */
export function useMessage(chat: Chat, messageId: string): Row | Message | undefined {
  const { rows } = useStore(chat.timeline)
  const here = rows.find(({ id }) => id === messageId)
  const [fetched, setFetched] = useState<Message>()
  const isHere = here !== undefined
  useEffect(() => {
    if (isHere || messageId === '') return
    const aborted = new AbortController()
    chat.message(messageId, { signal: aborted.signal }).then(setFetched, () => undefined)
    return () => aborted.abort()
  }, [chat, messageId, isHere])
  return here ?? (fetched?.id === messageId ? fetched : undefined)
}

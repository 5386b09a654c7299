import { useEffect, useEffectEvent, useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { tell } from '../state/notices.ts'
import { wantedPlace } from '../state/place.ts'
import { errorText } from '../state/problem-text.ts'
import { type Item, shows } from './items.ts'
import type { Scroller } from './use-scroller.ts'

type Place = { readonly messageId: string } | { readonly seq: number }

const MARKED_MS = 2_200

interface Target {
  /** The row that is being pointed out. */
  readonly shownKey: string | undefined
  readonly show: (place: Place) => void
}

/** Goes to one message, wherever it is, and points it out for a moment. */
export function useTarget(chat: Chat, items: readonly Item[], { toKey, isPlaced }: Scroller): Target {
  const [wanted, setWanted] = useState<Place>()
  const [shownKey, setShownKey] = useState<string>()
  const found = wanted && isPlaced ? keyOf(items, wanted) : undefined
  const place = useStore(wantedPlace)

  function show(next: Place) {
    setWanted(next)
    if (keyOf(items, next)) return
    const jump = 'seq' in next ? chat.jumpTo(next.seq) : chat.jumpToMessage(next.messageId)
    jump.catch((error: unknown) => {
      setWanted(undefined)
      tell(errorText(error), { isFault: true })
    })
  }

  const showWanted = useEffectEvent(show)
  useEffect(() => {
    if (place?.chatId !== chat.id || !isPlaced) return
    wantedPlace.set(undefined)
    showWanted({ seq: place.seq })
  }, [place, chat, isPlaced])

  useEffect(() => {
    if (!found) return
    toKey(found)
    setWanted(undefined)
    setShownKey(found)
  }, [found, toKey])

  useEffect(() => {
    if (!shownKey) return
    const timer = setTimeout(() => setShownKey(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [shownKey])

  return { shownKey, show }
}

const keyOf = (items: readonly Item[], place: Place): string | undefined =>
  items.find((item) => ('seq' in place ? shows(item, place.seq) : item.kind === 'message' && item.row.id === place.messageId))?.key

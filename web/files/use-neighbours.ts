import { useEffect, useEffectEvent } from 'react'
import type { SharedFile } from '../../src/client/files.ts'
import type { Chat } from '../../src/client/index.ts'
import { useChatFiles } from '../../src/client/react/files.ts'
import { useStore } from '../../src/client/react.ts'
import type { Viewed } from '../state/viewer.ts'
import { isVisual } from './shapes.ts'

export type Visual = SharedFile

/** The picture that is shown, with those before and after it in the chat: from the messages on screen at once, then from all of them. */
export function useNeighbours(chat: Chat, shown: Viewed) {
  const { rows } = useStore(chat.timeline)
  const found = useChatFiles(chat.id)
  const is = ({ messageId, file }: Visual) => messageId === shown.messageId && file.id === shown.fileId
  const here = rows.flatMap(({ id, seq, sender, attachments }) =>
    id === undefined || seq === undefined
      ? []
      : attachments.filter(isVisual).map(({ file }) => ({ messageId: id, messageSeq: seq, senderId: sender.id, file })),
  )
  const listed = grouped(found.items.filter(isVisual))
  const all = listed.some(is) ? listed : here
  const at = all.findIndex(is)
  const isFirst = at === 0 && found.hasMore
  const isMissing = found.status === 'ready' && found.hasMore && !listed.some(is)
  const loadMore = useEffectEvent(found.loadMore)
  const count = found.items.length
  useEffect(() => {
    if (count >= 0 && (isFirst || isMissing)) loadMore()
  }, [isFirst, isMissing, count])
  return { at: all[at], before: all[at - 1], after: all[at + 1] }
}

/** The list comes newest first, and within a message in its order: from the oldest on, as they are on screen. */
function grouped(items: readonly Visual[]): readonly Visual[] {
  const all: Visual[][] = []
  for (const item of items) {
    const last = all.at(-1)
    if (last?.[0]?.messageId === item.messageId) last.push(item)
    else all.push([item])
  }
  return all.reverse().flat()
}

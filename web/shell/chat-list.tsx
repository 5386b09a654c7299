import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { listFilter, listOf, passes } from '../state/list-filter.ts'
import { deferred } from '../state/notices.ts'
import { toggleArchived, toggleRead } from '../state/own.ts'
import { useResting } from '../state/use-resting.ts'
import { useGestures } from '../ui/gestures.ts'
import { late } from '../ui/late.tsx'
import { rem } from '../ui/rem.ts'
import css from './chat-list.module.css'
import { ChatListItem } from './chat-list-item.tsx'
import { States } from './list-states.tsx'
import { useHeldOrder } from './use-held-order.ts'
import { idOf, linkAt, useListKeys } from './use-list-keys.ts'

const ChatMenu = late(() => import('./chat-menu.tsx'))

/** Rows kept beyond what is in sight. */
const OVERSCAN = 6
/** So near to the end more are asked for. */
const AHEAD = 12

export function ChatList({ openId }: { readonly openId: string | undefined }) {
  const client = useClient()
  const filter = useStore(listFilter)
  const { items: all, hasMore } = useStore(listOf(client.chats, filter))
  const leaving = useStore(deferred)
  const wanted = all.filter((item) => !leaving.has(item.id) && passes(filter, item, openId))
  const { items, onPointerMove, onPointerLeave } = useHeldOrder(wanted, filter)
  const [menu, setMenu] = useState<{ readonly id: string; readonly anchor: HTMLElement }>()
  const menuItem = menu && all.find(({ id }) => id === menu.id)
  const scroll = useRef<HTMLDivElement>(null)
  const virtualizer = useRows(items, scroll)
  const rows = virtualizer.getVirtualItems()
  useInSight(openId, items, virtualizer.scrollToIndex)
  useMore((rows.at(-1)?.index ?? 0) > items.length - AHEAD)
  const { stop, ...keys } = useListKeys({ items, openId, scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }) })

  function openMenu(link: HTMLElement | undefined) {
    const id = link && idOf(link)
    if (id) setMenu({ id, anchor: link })
  }
  const gestures = useGestures<HTMLElement>({
    rowOf: linkAt,
    press: openMenu,
    swipe(link, direction) {
      const item = items.find(({ id }) => id === idOf(link))
      if (item && direction > 0) toggleRead(client, item)
      else if (item) void toggleArchived(client, item)
    },
  })

  return (
    <div ref={scroll} className={css.scroll} onPointerMove={onPointerMove} onPointerLeave={onPointerLeave}>
      {items.length === 0 && <States filter={filter} hasChats={all.length > 0} />}
      <ul
        className={css.list}
        style={{ height: virtualizer.getTotalSize() }}
        onContextMenu={(event: MouseEvent) => {
          const link = linkAt(event.target as Element)
          if (!link) return
          event.preventDefault()
          openMenu(link)
        }}
        {...keys}
        {...gestures}
      >
        {rows.map(({ index, key, start }) => (
          <li
            key={key}
            className={css.place}
            data-index={index}
            ref={virtualizer.measureElement}
            aria-setsize={hasMore ? -1 : items.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            <ChatListItem item={items[index]!} isOpen={items[index]!.id === openId} isStop={items[index]!.id === stop} />
          </li>
        ))}
      </ul>
      {menu && menuItem && <ChatMenu item={menuItem} anchor={menu.anchor} onClose={() => setMenu(undefined)} />}
    </div>
  )
}

function useRows(items: readonly ChatItem[], scroll: RefObject<HTMLDivElement | null>) {
  return useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroll.current,
    getItemKey: useCallback((index: number) => items[index]?.id ?? index, [items]),
    estimateSize: () => rem(4.125),
    overscan: OVERSCAN,
    paddingEnd: 12,
  })
}

/** A chat that is opened elsewhere, such as by keys, is brought into sight. */
function useInSight(openId: string | undefined, items: readonly ChatItem[], scrollTo: (index: number, how: { align: 'auto' }) => void) {
  const show = useEffectEvent(() => {
    const index = items.findIndex(({ id }) => id === openId)
    if (index >= 0) scrollTo(index, { align: 'auto' })
  })
  useEffect(() => show(), [openId])
}

/** Loads more chats when the end of those that are there comes near. */
function useMore(isNearEnd: boolean): void {
  const { chats } = useClient()
  const list = listOf(chats, useStore(listFilter))
  const { status, hasMore, isLoadingMore } = useStore(list)
  const { isResting, rest } = useResting()
  const isFresh = list === chats.archived && status === 'idle'
  const isWanted = isFresh || (hasMore && isNearEnd && !isLoadingMore && status === 'ready')
  useEffect(() => {
    if (isWanted && !isResting) list.loadMore().catch(rest)
  }, [list, isWanted, isResting, rest])
}

import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { ChatItem, Chats } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { type Filter, listFilter } from '../state/list-filter.ts'
import { deferred } from '../state/notices.ts'
import { changeOwn, toggleRead } from '../state/own.ts'
import { useGestures } from '../ui/gestures.ts'
import { late } from '../ui/late.tsx'
import { rem } from '../ui/rem.ts'
import css from './chat-list.module.css'
import { ChatListItem } from './chat-list-item.tsx'
import { States } from './list-states.tsx'
import { useHeldOrder } from './use-held-order.ts'
import { idOf, linkAt, useListKeys } from './use-list-keys.ts'

const ChatMenu = late(() => import('./chat-menu.tsx'))

const listOf = (chats: Chats, filter: Filter) => (filter === 'archive' ? chats.archived : chats)

const isIn: Readonly<Record<Filter, (item: ChatItem) => boolean>> = {
  all: () => true,
  archive: () => true,
  unread: ({ unread, isMarkedUnread }) => unread > 0 || isMarkedUnread,
  groups: ({ kind }) => kind === 'group',
}

/** Rows kept beyond what is in sight. */
const OVERSCAN = 6
/** So near to the end more are asked for. */
const AHEAD = 12

export function ChatList({ openId }: { readonly openId: string | undefined }) {
  const client = useClient()
  const filter = useStore(listFilter)
  const { items: all, hasMore } = useStore(listOf(client.chats, filter))
  const leaving = useStore(deferred)
  // The chat that is open stays where it is, also when it has been read.
  const wanted = all.filter((item) => !leaving.has(item.id) && (isIn[filter](item) || item.id === openId))
  const { items, onPointerMove, onPointerLeave } = useHeldOrder(wanted, filter)
  const [menu, setMenu] = useState<{ readonly id: string; readonly anchor: HTMLElement }>()
  const menuItem = menu && all.find(({ id }) => id === menu.id)
  const scroll = useRef<HTMLDivElement>(null)
  const virtualizer = useRows(items, scroll)
  const rows = virtualizer.getVirtualItems()
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
      else if (item) void changeOwn(client, item, { archived: !item.isArchived })
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

/** Loads more chats when the end of those that are there comes near. */
function useMore(isNearEnd: boolean): void {
  const { chats } = useClient()
  const list = listOf(chats, useStore(listFilter))
  const { status, hasMore, isLoadingMore } = useStore(list)
  const isFresh = list === chats.archived && status === 'idle'
  useEffect(() => {
    if (isFresh || (hasMore && isNearEnd && !isLoadingMore && status === 'ready')) list.loadMore().catch(() => undefined)
  }, [list, isFresh, hasMore, isNearEnd, isLoadingMore, status])
}

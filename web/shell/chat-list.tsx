import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { type Filter, listFilter } from '../state/list-filter.ts'
import { deferred } from '../state/notices.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { useGestures } from '../ui/gestures.ts'
import { late } from '../ui/late.tsx'
import { rem } from '../ui/rem.ts'
import css from './chat-list.module.css'
import { ChatListItem } from './chat-list-item.tsx'
import { Empty, Skeleton } from './list-states.tsx'
import { useHeldOrder } from './use-held-order.ts'

const ChatMenu = late(() => import('./chat-menu.tsx'))

const isIn: Readonly<Record<Filter, (item: ChatItem) => boolean>> = {
  all: () => true,
  unread: ({ unread }) => unread > 0,
  groups: ({ kind }) => kind === 'group',
}

/** Rows kept beyond what is in sight. */
const OVERSCAN = 6
/** So near to the end more are asked for. */
const AHEAD = 12

export function ChatList({ openId }: { readonly openId: string | undefined }) {
  const { t } = useTranslation()
  const client = useClient()
  const { chats } = client
  const { items: all, status, problem, hasMore, isLoadingMore } = useStore(chats)
  const filter = useStore(listFilter)
  const leaving = useStore(deferred)
  // The chat that is open stays where it is, also when it has been read.
  const wanted = all.filter((item) => !leaving.has(item.id) && (isIn[filter](item) || item.id === openId))
  const { items, onPointerMove, onPointerLeave } = useHeldOrder(wanted, filter)
  const [menu, setMenu] = useState<{ readonly id: string; readonly anchor: HTMLElement }>()
  const menuItem = menu && all.find(({ id }) => id === menu.id)
  const scroll = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroll.current,
    getItemKey: useCallback((index: number) => items[index]?.id ?? index, [items]),
    estimateSize: () => rem(4.125),
    overscan: OVERSCAN,
    paddingEnd: 12,
  })
  const rows = virtualizer.getVirtualItems()
  const isNearEnd = (rows.at(-1)?.index ?? 0) > items.length - AHEAD

  useEffect(() => {
    if (hasMore && isNearEnd && !isLoadingMore && status === 'ready') chats.loadMore().catch(() => undefined)
  }, [chats, hasMore, isNearEnd, isLoadingMore, status])

  const [active, setActive] = useState<string>()
  const stop = [active, openId].find((id) => items.some((item) => item.id === id)) ?? items[0]?.id

  function go(index: number) {
    const next = items[index]
    if (!next) return
    setActive(next.id)
    virtualizer.scrollToIndex(index, { align: 'auto' })
    requestAnimationFrame(() => linkOf(next.id)?.focus({ preventScroll: true }))
  }
  function onKeyDown(event: KeyboardEvent) {
    const id = idOf(event.target as Element)
    const at = items.findIndex((item) => item.id === id)
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
    const next = steps[event.key]
    if (at < 0 || next === undefined || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    go(next)
  }
  function openMenu(link: HTMLElement | undefined) {
    const id = link && idOf(link)
    if (id) setMenu({ id, anchor: link })
  }
  const gestures = useGestures<HTMLElement>({
    rowOf: (target) => target.closest<HTMLElement>('[data-chat]') ?? undefined,
    press: openMenu,
    swipe(link, direction) {
      const item = items.find(({ id }) => id === idOf(link))
      if (direction > 0 && item && item.unread > 0) client.chat(item.id).markRead()
    },
  })

  return (
    <div ref={scroll} className={css.scroll} onPointerLeave={onPointerLeave}>
      {status === 'failed' && items.length === 0 && (
        <div role="alert" className={css.words}>
          <p>{t('nav.loadFailed')}</p>
          <p>{problem && problemText(problem)}</p>
          <Button onClick={() => client.reconnectNow()}>{t('common.retry')}</Button>
        </div>
      )}
      {status === 'ready' && items.length === 0 && <Empty filter={filter} hasChats={all.length > 0} />}
      {status !== 'ready' && status !== 'failed' && items.length === 0 && <Skeleton />}
      <ul
        className={css.list}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => setActive(idOf(event.target))}
        onContextMenu={(event: MouseEvent) => {
          const link = (event.target as Element).closest<HTMLElement>('[data-chat]')
          if (!link) return
          event.preventDefault()
          openMenu(link)
        }}
        {...gestures}
        onPointerMove={(event) => {
          onPointerMove(event)
          gestures.onPointerMove(event)
        }}
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

const idOf = (element: Element) => element.closest<HTMLElement>('[data-chat]')?.dataset.chat
const linkOf = (id: string) => document.querySelector<HTMLElement>(`[data-chat="${CSS.escape(id)}"]`)

import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { rem } from '../ui/rem.ts'
import { heightOf, type Item } from './items.ts'

/** So near to the end, in pixels, one counts as being there. */
const NEAR = 80
/** Rows kept beyond what is in sight, above and below. */
const OVERSCAN = 4
/** For so long a row that was gone to is stayed with, should others come above it. */
const SETTLE_MS = 500

export interface Scroller {
  readonly element: RefObject<HTMLDivElement | null>
  readonly virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>
  /** The first place has been taken; before, what is in sight means nothing. */
  readonly isPlaced: boolean
  readonly isAtEnd: boolean
  readonly toEnd: () => void
  readonly toKey: (key: string) => void
}

interface Aim {
  readonly key: string
  readonly align: 'start' | 'center'
  readonly until: number
}

interface Scrolled {
  readonly items: readonly Item[]
  readonly hasNewer: boolean
  readonly isGroup: boolean
  readonly isReady: boolean
}

/** A window of rows over all items: it keeps its place when items come above, and follows the end only when one is there. */
export function useScroller({ items, hasNewer, isGroup, isReady }: Scrolled): Scroller {
  const element = useRef<HTMLDivElement>(null)
  const [isPlaced, setPlaced] = useState(false)
  const [unit] = useState(() => rem(1))
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: items.length,
    getScrollElement: () => element.current,
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    estimateSize: useCallback((index: number) => (items[index] ? heightOf(items[index], isGroup) : 40), [items, isGroup]),
    overscan: OVERSCAN,
    // The bar of what is pinned lies over the first of it.
    paddingStart: 4.75 * unit,
    paddingEnd: 12,
    scrollPaddingStart: 3.25 * unit,
    anchorTo: 'end',
    scrollEndThreshold: NEAR,
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = isAboveSight
  const latest = useRef(items)
  latest.current = items
  const aim = useRef<Aim>(undefined)
  const isFollowing = useRef(false)

  const takeAim = useCallback(() => {
    if (!aim.current || performance.now() > aim.current.until) return
    const { key, align } = aim.current
    const index = latest.current.findIndex((item) => item.key === key)
    if (index >= 0) virtualizer.scrollToIndex(index, { align })
  }, [virtualizer])
  const toKey = useCallback(
    (key: string, align: Aim['align'] = 'center') => {
      isFollowing.current = false
      aim.current = { key, align, until: performance.now() + SETTLE_MS }
      takeAim()
    },
    [takeAim],
  )
  const toEnd = useCallback(() => {
    aim.current = undefined
    isFollowing.current = true
    virtualizer.scrollToEnd()
  }, [virtualizer])

  // The virtualizer finds its way in some frames, and knows where to only as an index.
  useLayoutEffect(takeAim, [items, takeAim])
  useLayoutEffect(() => {
    if (isPlaced || !isReady || items.length === 0) return
    const divider = items.find(({ kind }) => kind === 'divider')
    if (divider) toKey(divider.key, 'start')
    else toEnd()
    // What is in sight there, the next frame tells.
    requestAnimationFrame(() => setPlaced(true))
  }, [isPlaced, isReady, items, toKey, toEnd])

  const hadNewer = useRef(hasNewer)
  useLayoutEffect(() => {
    if (isFollowing.current && !hasNewer && !hadNewer.current) virtualizer.scrollToEnd()
    // Where everything fits, nothing is scrolled that would tell.
    else if (virtualizer.isAtEnd(NEAR)) isFollowing.current = true
    hadNewer.current = hasNewer
  }, [items, hasNewer, virtualizer])
  useStickiness(element, virtualizer, isFollowing)
  return { element, virtualizer, isPlaced, isAtEnd: virtualizer.isAtEnd(NEAR), toEnd, toKey }
}

/**
 * What another height of a row above moves is moved back, also while one scrolls upwards: the first row of a page is drawn anew when what is
 * before it comes. A row that reaches into sight grows at its end, unless it is measured for the first time.
 */
const isAboveSight = ({ key, start, end }: VirtualItem, _: number, { itemSizeCache, scrollOffset }: Scroller['virtualizer']): boolean => {
  const offset = scrollOffset ?? 0
  return itemSizeCache.has(key) ? end <= offset : start < offset
}

/**
 * Whoever is at the end stays there, however much comes at once, and also when the frame changes its height: a longer draft, a banner, a
 * phone's keyboard. Only going up leaves the end: what comes moves it away before one has been brought along.
 */
function useStickiness(element: RefObject<HTMLDivElement | null>, virtualizer: Scroller['virtualizer'], isFollowing: RefObject<boolean>) {
  useEffect(() => {
    const scroll = element.current
    if (!scroll) return
    let before = 0
    let height = scroll.clientHeight
    // By what the virtualizer has read: to ask the document again lays it out anew with every event.
    const look = () => {
      const offset = virtualizer.scrollOffset ?? 0
      const isNear = virtualizer.getTotalSize() - offset - height < NEAR
      isFollowing.current = isNear || (isFollowing.current && offset >= before)
      before = offset
    }
    const watcher = new ResizeObserver(() => {
      height = scroll.clientHeight
      if (!isFollowing.current) return
      virtualizer.scrollToEnd()
      // Rows of another width are measured in the next frames.
      requestAnimationFrame(() => {
        virtualizer.scrollToEnd()
        requestAnimationFrame(() => virtualizer.scrollToEnd())
      })
    })
    scroll.addEventListener('scroll', look, { passive: true })
    watcher.observe(scroll)
    return () => {
      scroll.removeEventListener('scroll', look)
      watcher.disconnect()
    }
  }, [element, virtualizer, isFollowing])
}

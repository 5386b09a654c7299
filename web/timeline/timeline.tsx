import { ChevronDown } from 'lucide-react'
import { type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import { Beginning, Day, Divider } from './between.tsx'
import { itemsOf } from './items.ts'
import { MessageRow, type RowActions } from './message-row.tsx'
import css from './timeline.module.css'
import { useFetching } from './use-fetching.ts'
import { useReadMark } from './use-read-mark.ts'
import { useRowKeys } from './use-row-keys.ts'
import { useScroller } from './use-scroller.ts'
import { useTarget } from './use-target.ts'

const MessageMenu = late(() => import('./message-menu.tsx'))

export interface TimelineHandle {
  /** Brings the live end into sight. */
  toLatest(): void
}

interface TimelineProps {
  readonly chat: Chat
  readonly item: ChatItem | undefined
  readonly onReply: (row: Row) => void
  readonly onEdit: (row: Row) => void
  readonly ref?: Ref<TimelineHandle>
}

export function Timeline({ chat, item, onReply, onEdit, ref }: TimelineProps) {
  const { t } = useTranslation()
  const timeline = useStore(chat.timeline)
  const { rows, status, divider, hasOlder, hasNewer } = timeline
  const isGroup = item?.kind === 'group'
  const items = useMemo(() => itemsOf({ rows, divider, hasOlder }), [rows, divider, hasOlder])
  const scroller = useScroller({ items, hasNewer, isGroup, isReady: status === 'ready' })
  const { virtualizer, isPlaced } = scroller
  const target = useTarget(chat, items, scroller)
  const keys = useRowKeys(items, virtualizer)
  const [menu, setMenu] = useState<{ readonly row: Row; readonly anchor: HTMLElement }>()
  const latest = useRef({ onReply, show: target.show })
  latest.current = { onReply, show: target.show }

  useFetching(chat, timeline, scroller)
  useReadMark(chat, items, scroller, item?.unread ?? 0)

  const actions = useMemo<RowActions>(
    () => ({
      reply: (row) => latest.current.onReply(row),
      show: (messageId) => latest.current.show({ messageId }),
      openMenu: (row, anchor) => setMenu({ row, anchor }),
    }),
    [],
  )
  function toLatest() {
    if (hasNewer) void chat.jumpToLatest().then(scroller.toEnd, () => undefined)
    else scroller.toEnd()
  }
  useImperativeHandle(ref, () => ({ toLatest }))

  const isAway = isPlaced && (hasNewer || !scroller.isAtEnd)
  return (
    <div className={css.frame}>
      <div
        ref={scroller.element}
        className={css.scroll}
        role="feed"
        aria-label={t('chat.timeline')}
        aria-busy={status !== 'ready' || timeline.isLoadingOlder || timeline.isLoadingNewer}
        data-placed={isPlaced}
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
      >
        <div className={css.spacer} />
        <div className={css.rows} style={{ height: virtualizer.getTotalSize() }}>
          {hasOlder && <p className={css.loading}>{t('common.loading')}</p>}
          {virtualizer.getVirtualItems().map(({ key, index, start }) => {
            const shown = items[index]!
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-row={shown.kind}
                className={css.place}
                style={{ transform: `translateY(${start}px)` }}
              >
                {shown.kind === 'day' && <Day at={shown.at} />}
                {shown.kind === 'divider' && <Divider />}
                {shown.kind === 'beginning' && <Beginning item={item} />}
                {shown.kind === 'message' && (
                  <MessageRow
                    chat={chat}
                    row={shown.row}
                    isFirst={shown.isFirst}
                    isLast={shown.isLast}
                    isGroup={isGroup}
                    isStop={shown.key === keys.stop}
                    isShown={shown.key === target.shownKey}
                    actions={actions}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {status === 'loading' && rows.length === 0 && <p className={css.words}>{t('chat.loading')}</p>}
      {status === 'failed' && (
        <div className={css.words} role="alert">
          <p>
            {t('chat.loadFailed')} {problemText(timeline.problem)}
          </p>
          <Button onClick={() => void chat.jumpToLatest().catch(() => undefined)}>{t('common.retry')}</Button>
        </div>
      )}
      {isAway && <JumpButton count={item?.unread ?? 0} onJump={toLatest} />}
      {menu && item && (
        <MessageMenu chat={chat} item={item} {...menu} onReply={onReply} onEdit={onEdit} onClose={() => setMenu(undefined)} />
      )}
    </div>
  )
}

function JumpButton({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const { t } = useTranslation()
  const words = count > 0 ? t('chat.latestCount', { count }) : t('chat.latest')
  return (
    <button type="button" className={css.jump} aria-label={words} title={words} onClick={onJump}>
      <ChevronDown size={22} aria-hidden="true" />
      {count > 0 && (
        <span className={css.count} aria-hidden="true">
          {count > 999 ? '999+' : count}
        </span>
      )}
    </button>
  )
}

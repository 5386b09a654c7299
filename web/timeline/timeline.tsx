import { ChevronDown } from 'lucide-react'
import { type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { useTold } from '../state/log.ts'
import { deferred } from '../state/notices.ts'
import { hasTouch } from '../state/pointer.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { useGestures } from '../ui/gestures.ts'
import { late } from '../ui/late.tsx'
import { Beginning, Day, Divider } from './between.tsx'
import { itemsOf } from './items.ts'
import { MessageRow, type RowActions } from './message-row.tsx'
import { SystemLines } from './system-lines.tsx'
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
  const { status, divider, hasOlder, hasNewer } = timeline
  const leaving = useStore(deferred)
  const rows = useMemo(() => timeline.rows.map((row) => shownAs(row, leaving)), [timeline.rows, leaving])
  const isGroup = item?.kind === 'group'
  const told = useTold(chat)
  const items = useMemo(() => itemsOf({ rows, told, divider, hasOlder, hasNewer }), [rows, told, divider, hasOlder, hasNewer])
  const names = useMemo(() => new Map(rows.map(({ sender }) => [sender.id, sender.name])), [rows])
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
      showPerson: (userId) => openDialog({ kind: 'person', userId, chatId: chat.id }),
    }),
    [chat],
  )
  function toLatest() {
    if (hasNewer) void chat.jumpToLatest().then(scroller.toEnd, () => undefined)
    else scroller.toEnd()
  }
  const rowAt = (anchor: HTMLElement | undefined) => rows.find(({ key }) => key === anchor?.dataset.message)
  function openSheet(anchor: HTMLElement | undefined) {
    const row = rowAt(anchor)
    if (anchor && row?.text !== undefined) setMenu({ row, anchor })
  }
  /** A finger opens the sheet of a message. */
  function onTap({ target }: { readonly target: EventTarget }) {
    if (!hasTouch() || !(target instanceof Element) || window.getSelection()?.toString() || target.closest('a, button')) return
    openSheet(messageAt(target))
  }
  const gestures = useGestures<HTMLElement>({
    rowOf: messageAt,
    press: openSheet,
    swipe(anchor) {
      const row = rowAt(anchor)
      if (row?.id !== undefined && row.text !== undefined) onReply(row)
    },
  })
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
        onClick={onTap}
        {...gestures}
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
                {shown.kind === 'system' && <SystemLines chat={chat} told={shown.told} />}
                {shown.kind === 'divider' && <Divider />}
                {shown.kind === 'beginning' && <Beginning item={item} />}
                {shown.kind === 'message' && (
                  <MessageRow
                    chat={chat}
                    row={shown.row}
                    isFirst={shown.isFirst}
                    isLast={shown.isLast}
                    isGroup={isGroup}
                    name={names.get(shown.row.sender.id)}
                    isStop={shown.key === keys.stop}
                    isShown={shown.key === target.shownKey}
                    deletedCount={shown.deleted?.count ?? 0}
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

const messageAt = (target: Element) => target.closest<HTMLElement>('[data-message]') ?? undefined

/** A message that is being deleted is shown as deleted already. */
const shownAs = (row: Row, leaving: ReadonlySet<string>): Row =>
  row.id !== undefined && leaving.has(row.id) && row.text !== undefined ? { ...row, text: undefined, deletedAt: row.at } : row

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

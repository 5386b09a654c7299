import { ChevronDown } from 'lucide-react'
import { type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { Chat, ChatItem, Row, Timeline as Timelines } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { react } from '../reactions/react.ts'
import { openDialog } from '../state/dialog.ts'
import { useTold } from '../state/log.ts'
import { deferred } from '../state/notices.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import { itemsOf } from './items.ts'
import { Lines } from './lines.tsx'
import type { RowActions } from './row-actions.ts'
import css from './timeline.module.css'
import { useFetching } from './use-fetching.ts'
import { useFingers } from './use-fingers.ts'
import { useReadMark } from './use-read-mark.ts'
import { useRowKeys } from './use-row-keys.ts'
import { useScroller } from './use-scroller.ts'
import { useTarget } from './use-target.ts'

const EmojiPicker = late(() => import('../composer/emoji-picker.tsx'))
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
  const scroller = useScroller({ items, hasNewer, isGroup, isReady: status === 'ready' })
  const { virtualizer, isPlaced } = scroller
  const target = useTarget(chat, items, scroller)
  const [menu, setMenu] = useState<Anchored>()
  const [picking, setPicking] = useState<Anchored>()
  const latest = useRef({ onReply, show: target.show })
  latest.current = { onReply, show: target.show }

  useFetching(chat, timeline, scroller)
  useReadMark(chat, items, scroller, item?.unread ?? 0)

  const actions = useMemo<RowActions>(
    () => ({
      reply: (row) => latest.current.onReply(row),
      show: (messageId) => latest.current.show({ messageId }),
      openMenu: (row, anchor) => setMenu({ row, anchor }),
      react: (row, emoji) => void react(chat, row, emoji),
      pickReaction: (row, anchor) => setPicking({ row, anchor }),
      showPerson: (userId) => openDialog({ kind: 'person', userId, chatId: chat.id }),
    }),
    [chat],
  )
  function toLatest() {
    if (hasNewer) void chat.jumpToLatest().then(scroller.toEnd, () => undefined)
    else scroller.toEnd()
  }
  const { stop, ...on } = useRowKeys({ chat, item, items, virtualizer, actions, onReply, onEdit })
  const fingers = useFingers({ rows, openMenu: actions.openMenu, reply: onReply })
  useImperativeHandle(ref, () => ({ toLatest }))

  const isAway = isPlaced && (hasNewer || !scroller.isAtEnd)
  return (
    <div className={css.frame}>
      <div
        ref={scroller.element}
        className={css.scroll}
        role="feed"
        // Messages are what keys stop at: without one the feed itself is scrolled by them.
        tabIndex={stop === undefined ? 0 : undefined}
        aria-label={t('chat.timeline')}
        aria-busy={status !== 'ready' || timeline.isLoadingOlder || timeline.isLoadingNewer}
        data-placed={isPlaced}
        {...on}
        {...fingers}
      >
        <div className={css.spacer} />
        <Lines
          chat={chat}
          item={item}
          items={items}
          virtualizer={virtualizer}
          hasOlder={hasOlder}
          stop={stop}
          shownKey={target.shownKey}
          actions={actions}
        />
      </div>
      <States chat={chat} timeline={timeline} />
      {isAway && <JumpButton count={item?.unread ?? 0} onJump={toLatest} />}
      <Over
        chat={chat}
        item={item}
        menu={menu}
        setMenu={setMenu}
        picking={picking}
        setPicking={setPicking}
        actions={actions}
        onEdit={onEdit}
      />
    </div>
  )
}

interface Anchored {
  readonly row: Row
  readonly anchor: HTMLElement
}

interface OverProps extends Pick<TimelineProps, 'chat' | 'item' | 'onEdit'> {
  readonly menu: Anchored | undefined
  readonly setMenu: (menu: Anchored | undefined) => void
  readonly picking: Anchored | undefined
  readonly setPicking: (picking: Anchored | undefined) => void
  readonly actions: RowActions
}

/** What lies over the messages: the menu of one, or the emoji to choose from. */
function Over({ chat, item, menu, setMenu, picking, setPicking, actions, onEdit }: OverProps) {
  const close = () => setMenu(undefined)
  return (
    <>
      {picking && (
        <EmojiPicker
          anchor={{ current: picking.anchor }}
          onPick={(emoji) => {
            setPicking(undefined)
            actions.react(picking.row, emoji)
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
      {menu && item && (
        <MessageMenu
          chat={chat}
          item={item}
          {...menu}
          onReact={(emoji) => actions.react(menu.row, emoji)}
          onMore={() => setPicking(menu)}
          onReply={actions.reply}
          onEdit={onEdit}
          onClose={close}
        />
      )}
    </>
  )
}

/** A message that is being deleted is shown as deleted already. */
const shownAs = (row: Row, leaving: ReadonlySet<string>): Row =>
  row.id !== undefined && leaving.has(row.id) && row.text !== undefined ? { ...row, text: undefined, deletedAt: row.at } : row

/** What stands in place of messages that are not there. */
function States({ chat, timeline: { status, rows, problem } }: { readonly chat: Chat; readonly timeline: Timelines }) {
  const { t } = useTranslation()
  if (status === 'loading' && rows.length === 0) return <p className={css.words}>{t('chat.loading')}</p>
  if (status !== 'failed') return null
  return (
    <div className={css.words} role="alert">
      <p>
        {t('chat.loadFailed')} {problemText(problem)}
      </p>
      <Button onClick={() => void chat.jumpToLatest().catch(() => undefined)}>{t('common.retry')}</Button>
    </div>
  )
}

function JumpButton({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const { t } = useTranslation()
  const words = count > 0 ? t('chat.latestCount', { count }) : t('chat.latest')
  return (
    <div className={css.away}>
      <button type="button" className={css.jump} aria-label={words} title={words} onClick={onJump}>
        {count > 0 && (
          <span className={css.count} aria-hidden="true">
            {count > 999 ? '999+' : count}
          </span>
        )}
        <ChevronDown size={22} aria-hidden="true" />
      </button>
    </div>
  )
}

import { ChevronDown } from 'lucide-react'
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { Chat, ChatItem, Row, Timeline as Timelines } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { react } from '../reactions/react.ts'
import { openDialog } from '../state/dialog.ts'
import { useUserId } from '../state/drafts.ts'
import { useTold } from '../state/log.ts'
import { deferred } from '../state/notices.ts'
import { problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import { Beginning, Day, Divider } from './between.tsx'
import { concerns } from './format/mentions.ts'
import { type Item, itemsOf } from './items.ts'
import { MessageRow } from './message-row.tsx'
import type { RowActions } from './row-actions.ts'
import { SystemLines } from './system-lines.tsx'
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
  const userId = useUserId()
  const isGroup = item?.kind === 'group'
  const told = useTold(chat)
  const items = useMemo(() => itemsOf({ rows, told, divider, hasOlder, hasNewer }), [rows, told, divider, hasOlder, hasNewer])
  const names = useMemo(() => new Map(rows.map(({ sender }) => [sender.id, sender.name])), [rows])
  const scroller = useScroller({ items, hasNewer, isGroup, isReady: status === 'ready' })
  const { virtualizer, isPlaced } = scroller
  const target = useTarget(chat, items, scroller)
  const keys = useRowKeys(items, virtualizer)
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
  const fingers = useFingers({ rows, openMenu: actions.openMenu, reply: onReply })
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
        {...fingers}
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
                <Placed chat={chat} item={item} shown={shown} />
                {shown.kind === 'message' && (
                  <MessageRow
                    chat={chat}
                    row={shown.row}
                    isFirst={shown.isFirst}
                    isLast={shown.isLast}
                    isGroup={isGroup}
                    isForMe={!shown.row.isMine && concerns(shown.row.mentions, userId)}
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

interface PlacedProps {
  readonly chat: Chat
  readonly item: ChatItem | undefined
  readonly shown: Item
}

/** What stands between messages. */
const betweenMessages: { readonly [K in Item['kind']]: (props: PlacedProps & { readonly shown: Item & { kind: K } }) => ReactNode } = {
  beginning: ({ item }) => <Beginning item={item} />,
  day: ({ shown }) => <Day at={shown.at} />,
  divider: () => <Divider />,
  system: ({ chat, shown }) => <SystemLines chat={chat} told={shown.told} />,
  message: () => null,
}

const Placed = (props: PlacedProps) => betweenMessages[props.shown.kind](props as never)

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

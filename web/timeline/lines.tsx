import type { ReactNode } from 'react'
import type { Chat, ChatItem } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useUserId } from '../state/drafts.ts'
import { useSenderName } from '../state/people.ts'
import { Beginning, Day, Divider } from './between.tsx'
import { concerns } from './format/mentions.ts'
import type { Item } from './items.ts'
import { MessageRow } from './message-row.tsx'
import type { RowActions } from './row-actions.ts'
import { SystemLines } from './system-lines.tsx'
import css from './timeline.module.css'
import type { Scroller } from './use-scroller.ts'

interface LinesProps {
  readonly chat: Chat
  readonly item: ChatItem | undefined
  readonly items: readonly Item[]
  readonly virtualizer: Scroller['virtualizer']
  readonly hasOlder: boolean
  /** The message at which keys stop; undefined if none is in sight. */
  readonly stop: string | undefined
  readonly shownKey: string | undefined
  readonly actions: RowActions
}

/** What of a timeline is in sight. A feed has articles: without a message, its lines are one. */
export function Lines({ chat, item, items, virtualizer, hasOlder, stop, shownKey, actions }: LinesProps) {
  const { t } = useTranslation()
  const userId = useUserId()
  const inSight = virtualizer.getVirtualItems()
  const isGroup = item?.kind === 'group'
  const senderName = useSenderName(chat)
  return (
    <div
      className={css.rows}
      role={inSight.length === 0 || stop !== undefined ? undefined : 'article'}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {hasOlder && <p className={css.loading}>{t('common.loading')}</p>}
      {inSight.map(({ key, index, start }) => {
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
                name={senderName(shown.row.sender)}
                isStop={shown.key === stop}
                isShown={shown.key === shownKey}
                deletedCount={shown.deleted?.count ?? 0}
                actions={actions}
              />
            )}
          </div>
        )
      })}
    </div>
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

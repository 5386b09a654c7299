import { Ban, Flag } from 'lucide-react'
import type { Chat, ChatItem, Row } from '../../src/client/index.ts'
import { useClient, useIsBlocked } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { toggleBlocked } from '../state/blocks.ts'
import { openDialog } from '../state/dialog.ts'
import type { Action } from '../ui/action-menu.tsx'

interface Of {
  readonly chat: Chat
  readonly item: ChatItem
  readonly row: Row
}

/** What can be done against a message of somebody else, and against its author. */
export function useOthersActions({ chat, item, row: { id, isMine, text, kind, sender } }: Of): readonly (Action | false)[] {
  const { t } = useTranslation()
  const client = useClient()
  const isBlocked = useIsBlocked(sender.id)
  if (id === undefined || isMine || kind === 'system') return []
  return [
    text !== undefined && {
      id: 'report',
      words: t('report.action'),
      icon: <Flag size={17} />,
      run: () => openDialog({ kind: 'report', chatId: chat.id, messageId: id, senderId: sender.id }),
    },
    item.kind === 'group' &&
      sender.name !== undefined && {
        id: 'block',
        words: t(isBlocked ? 'consent.unblock' : 'consent.block'),
        icon: <Ban size={17} />,
        isDanger: !isBlocked,
        run: () => void toggleBlocked(client, sender, !isBlocked),
      },
  ]
}

import { Archive, ArchiveRestore, Bell, BellOff, CheckCheck, Info, ListX, Pin, PinOff } from 'lucide-react'
import type { ChatItem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { changeNotices, isMuted, knownNotices, muteSpans } from '../state/chat-notices.ts'
import { hideChat } from '../state/later.ts'
import { isUnread } from '../state/list-filter.ts'
import { changeOwn, toggleArchived, toggleRead } from '../state/own.ts'
import { panel } from '../state/panel.ts'
import { openChat } from '../state/route.ts'
import { type Action, ActionMenu } from '../ui/action-menu.tsx'

interface ChatMenuProps {
  readonly item: ChatItem
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

/** What can be done with a chat of the list. */
export default function ChatMenu({ item, anchor, onClose }: ChatMenuProps) {
  const { t } = useTranslation()
  const actions = useActions(item)
  return <ActionMenu label={t('nav.actions')} actions={actions} anchor={anchor} onClose={onClose} />
}

function useActions(item: ChatItem): readonly Action[] {
  const { t } = useTranslation()
  const client = useClient()
  const chat = client.chat(item.id)
  const { pinnedAt, isArchived } = item
  const isQuiet = isMuted(knownNotices(item.id))
  const isPrivate = item.kind === 'private'
  const actions: (Action | false)[] = [
    {
      id: 'pin',
      words: t(pinnedAt === undefined ? 'nav.pin' : 'nav.unpin'),
      icon: pinnedAt === undefined ? <Pin size={17} /> : <PinOff size={17} />,
      run: () => void changeOwn(client, item, { pinned: pinnedAt === undefined }),
    },
    {
      id: 'read',
      words: t(isUnread(item) ? 'nav.markRead' : 'nav.markUnread'),
      icon: <CheckCheck size={17} />,
      run: () => toggleRead(client, item),
    },
    {
      id: 'mute',
      words: t(isQuiet ? 'notify.unmute' : 'notify.mute'),
      icon: isQuiet ? <Bell size={17} /> : <BellOff size={17} />,
      run: () => void changeNotices(client, item.id, { mutedUntil: undefined }),
      ...(!isQuiet && {
        further: muteSpans.map(([name, end]) => ({
          id: name,
          words: t(`notify.mute_${name}`),
          icon: <BellOff size={17} />,
          run: () => void changeNotices(client, item.id, { mutedUntil: end() }),
        })),
      }),
    },
    {
      id: 'archive',
      words: t(isArchived ? 'nav.unarchive' : 'nav.toArchive'),
      icon: isArchived ? <ArchiveRestore size={17} /> : <Archive size={17} />,
      run: () => void toggleArchived(client, item),
    },
    {
      id: 'details',
      words: isPrivate ? t('chat.aboutPartner') : t('chat.details'),
      icon: <Info size={17} />,
      run() {
        openChat(item.id)
        // The panel of the chat that was open before closes with it.
        setTimeout(() => panel.set({ kind: 'details', chatId: item.id }))
      },
    },
    isPrivate && { id: 'hide', words: t('group.hide'), icon: <ListX size={17} />, isDanger: true, run: () => hideChat(chat) },
  ]
  return actions.filter((action) => action !== false)
}

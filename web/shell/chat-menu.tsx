import { CheckCheck, Info, ListX } from 'lucide-react'
import type { Chat, ChatItem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { hideChat } from '../state/later.ts'
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
  const chat = useClient().chat(item.id)
  const actions = useActions(chat, item)
  return <ActionMenu label={t('nav.actions')} actions={actions} anchor={anchor} onClose={onClose} />
}

function useActions(chat: Chat, item: ChatItem): readonly Action[] {
  const { t } = useTranslation()
  const isPrivate = item.kind === 'private'
  const actions: (Action | false)[] = [
    item.unread > 0 && { id: 'read', words: t('nav.markRead'), icon: <CheckCheck size={17} />, run: () => chat.markRead() },
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

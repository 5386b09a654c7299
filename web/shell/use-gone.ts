import { useEffect } from 'react'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { closeDialog, dialog } from '../state/dialog.ts'
import { forgetDraft } from '../state/drafts.ts'
import { tell } from '../state/notices.ts'
import { closeChat, openChatId } from '../state/route.ts'

/** A chat that is no longer one's own, or off the list, leaves the screen, with a word about why. */
export function useGone(): void {
  const client = useClient()
  const { t } = useTranslation()
  useEffect(
    () =>
      client.on('gone', ({ chatId, reason }) => {
        if (reason !== 'hidden') forgetDraft(client.account.me.get()?.id ?? '', chatId)
        if (openChatId() !== chatId) return
        const open = dialog.get()
        if (open && 'chatId' in open && open.chatId === chatId) closeDialog()
        closeChat()
        tell(t(`chat.gone_${reason === 'not-found' ? 'not_found' : reason}`))
      }),
    [client, t],
  )
}

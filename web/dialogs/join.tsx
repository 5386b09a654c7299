import { joinChat } from '../../src/client/order.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openChat } from '../state/route.ts'
import { Confirm } from './confirm.tsx'

/** Nobody becomes a member by following a link alone. */
export function Join({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const question = {
    title: t('order.join'),
    hint: t('order.joinHint'),
    yes: t('order.joinYes'),
    look: 'strong' as const,
    run: async () => {
      const { chatId } = await joinChat(client, code)
      await client.chats.load(chatId)
      openChat(chatId)
    },
  }
  return <Confirm question={question} onClose={onClose} />
}

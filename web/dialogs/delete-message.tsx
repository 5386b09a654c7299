import { useTranslation } from 'react-i18next'
import type { Row } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { Confirm } from './confirm.tsx'

interface DeleteMessageProps {
  readonly chatId: string
  readonly row: Row
  readonly onClose: () => void
}

export function DeleteMessage({ chatId, row, onClose }: DeleteMessageProps) {
  const { t } = useTranslation()
  const chat = useClient().chat(chatId)
  const question = {
    title: t('message.confirmDelete'),
    hint: t('message.confirmDeleteHint'),
    yes: t('message.delete'),
    run: async () => row.id !== undefined && chat.remove(row.id),
  }
  return <Confirm question={question} onClose={onClose} />
}

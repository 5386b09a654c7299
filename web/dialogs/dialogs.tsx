import { I18nProvider } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../src/client/react.ts'
import { closeDialog, dialog } from '../state/dialog.ts'
import { DeleteMessage } from './delete-message.tsx'
import { Details } from './details.tsx'
import { NewChat } from './new-chat.tsx'
import { Readers } from './readers.tsx'
import { SearchChat } from './search-chat.tsx'
import { Settings } from './settings.tsx'

/** The dialog that is open, whichever it is. They come in one file of their own, after the first view. */
export default function Dialogs() {
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language}>
      <Open />
    </I18nProvider>
  )
}

function Open() {
  const open = useStore(dialog)
  switch (open?.kind) {
    case undefined:
      return null
    case 'new-chat':
      return <NewChat onClose={closeDialog} />
    case 'settings':
      return <Settings onClose={closeDialog} />
    case 'details':
      return <Details chatId={open.chatId} onClose={closeDialog} />
    case 'search':
      return <SearchChat chatId={open.chatId} onClose={closeDialog} />
    case 'readers':
      return <Readers chatId={open.chatId} messageId={open.messageId} onClose={closeDialog} />
    case 'delete-message':
      return <DeleteMessage chatId={open.chatId} row={open.row} onClose={closeDialog} />
  }
}

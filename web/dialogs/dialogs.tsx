import { I18nProvider } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../src/client/react.ts'
import { dialog } from '../state/dialog.ts'
import { Details } from './details.tsx'
import { NewChat } from './new-chat.tsx'
import { Palette } from './palette/palette.tsx'
import { Readers } from './readers.tsx'
import { SearchChat } from './search-chat.tsx'
import { Settings } from './settings.tsx'

/** The dialog that is open, whichever it is. They come in one file of their own, after the first view. */
export default function Dialogs({ onClose }: { readonly onClose: () => void }) {
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language}>
      <Open onClose={onClose} />
    </I18nProvider>
  )
}

function Open({ onClose }: { readonly onClose: () => void }) {
  const open = useStore(dialog)
  switch (open?.kind) {
    case undefined:
      return null
    case 'new-chat':
      return <NewChat onClose={onClose} />
    case 'palette':
      return <Palette onClose={onClose} />
    case 'settings':
      return <Settings onClose={onClose} />
    case 'details':
      return <Details chatId={open.chatId} onClose={onClose} />
    case 'search':
      return <SearchChat chatId={open.chatId} onClose={onClose} />
    case 'readers':
      return <Readers chatId={open.chatId} messageId={open.messageId} onClose={onClose} />
  }
}

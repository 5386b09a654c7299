import { I18nProvider } from 'react-aria-components'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { dialog, openings } from '../state/dialog.ts'
import { late } from '../ui/late.tsx'
import { Report } from './consent/report.tsx'
import { Forward } from './forward.tsx'
import { Join } from './join.tsx'
import { NewChat } from './new-chat.tsx'
import { Palette } from './palette/palette.tsx'
import { PersonCard } from './person-card.tsx'
import { Reactors } from './reactors.tsx'
import { Readers } from './readers.tsx'
import { Settings } from './settings.tsx'

const Admin = late(() => import('../admin/admin.tsx'))

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
      return <Settings key={openings()} tab={open.tab} onClose={onClose} />
    case 'admin':
      return <Admin key={openings()} tab={open.tab} onClose={onClose} />
    case 'person':
      return <PersonCard userId={open.userId} chatId={open.chatId} onClose={onClose} />
    case 'reactors':
      return <Reactors chatId={open.chatId} messageId={open.messageId} onClose={onClose} />
    case 'forward':
      return <Forward chatId={open.chatId} messageId={open.messageId} onClose={onClose} />
    case 'join':
      return <Join code={open.code} onClose={onClose} />
    case 'report':
      return <Report chatId={open.chatId} messageId={open.messageId} senderId={open.senderId} onClose={onClose} />
    case 'readers':
      return <Readers chatId={open.chatId} messageId={open.messageId} onClose={onClose} />
  }
}

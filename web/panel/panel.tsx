import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { I18nProvider } from 'react-aria-components'
import { useClient, useStore } from '../../src/client/react.ts'
import { Details } from '../dialogs/details.tsx'
import { useTranslation } from '../i18n/use-translation.ts'
import { panel } from '../state/panel.ts'
import { useLayer } from '../state/use-layer.ts'
import { IconButton } from '../ui/button.tsx'
import css from './panel.module.css'

/** Beside the messages, which stay in reach. Escape in it closes it, and gives the focus back. */
export default function Panel({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const open = useStore(panel)
  const item = useStore(useClient().chat(open?.chatId ?? '').item)
  const frame = useRef<HTMLElement>(null)
  useLayer(onClose, false)
  useEffect(() => {
    const opener = document.activeElement
    frame.current?.focus()
    return () => {
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])

  if (!open || !item) return null
  const title = item.kind === 'private' ? t('chat.aboutPartner') : t('chat.details')
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.stopPropagation()
    onClose()
  }
  return (
    <I18nProvider locale={i18n.language}>
      <aside ref={frame} className={css.panel} aria-label={title} tabIndex={-1} onKeyDown={onKeyDown}>
        <header className={css.head}>
          <h2>{title}</h2>
          <IconButton label={t('common.close')} onClick={onClose}>
            <X size={20} />
          </IconButton>
        </header>
        <Details chatId={open.chatId} onClose={onClose} />
      </aside>
    </I18nProvider>
  )
}

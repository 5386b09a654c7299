import { ArrowLeft, X } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from '../i18n/use-translation.ts'
import { useLayer } from '../state/use-layer.ts'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import css from './frame.module.css'

interface FrameProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** Leads from a page of it to what the page is of. */
  readonly onBack?: () => void
  /** Asks a question, which is to be answered. */
  readonly isAlert?: boolean
  readonly isWide?: boolean
  /** The fragment that leads here. */
  readonly address?: string | undefined
}

/** What all dialogs have in common: the rest of the page waits, Escape and the cross lead out, the focus goes back where it was. */
export function Frame({ title, children, onClose, onBack, isAlert = false, isWide = false, address }: FrameProps) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLElement>(null)
  useLayer(onClose, true, address)
  useLostFocus(dialog, onClose)
  return (
    <ModalOverlay className={css.overlay ?? ''} isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className={classes(css.modal, isAlert && css.small, isWide && css.wide)}>
        <Dialog ref={dialog} className={css.dialog ?? ''} role={isAlert ? 'alertdialog' : 'dialog'}>
          <header className={css.head}>
            {onBack && (
              <IconButton label={t('common.back')} className={css.back} autoFocus onClick={onBack}>
                <ArrowLeft size={20} />
              </IconButton>
            )}
            <Heading slot="title" level={2} className={css.title ?? ''}>
              {title}
            </Heading>
            {!isAlert && (
              <IconButton label={t('common.close')} onClick={onClose}>
                <X size={20} />
              </IconButton>
            )}
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** What had the focus may be gone or disabled: then keys reach nobody. The dialog on top takes the focus, and Escape leads out all the same. */
function useLostFocus(dialog: RefObject<HTMLElement | null>, onClose: () => void) {
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const hear = ({ key, target }: KeyboardEvent) => {
      const own = dialog.current
      if (target !== document.body || own !== [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1)) return
      own?.focus()
      if (key === 'Escape') close.current()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [dialog])
}

import { type ReactNode, useState } from 'react'
import { Dialog, I18nProvider, Menu, MenuItem, Modal, ModalOverlay, Popover } from 'react-aria-components'
import { useTranslation } from '../i18n/use-translation.ts'
import { hasTouch } from '../state/pointer.ts'
import { useLayer } from '../state/use-layer.ts'
import css from './menu.module.css'

export interface Action {
  readonly id: string
  readonly words: string
  readonly icon: ReactNode
  readonly isDanger?: boolean
  readonly run: () => void
  /** What is to be chosen from first; one of these runs then. */
  readonly further?: readonly Action[]
}

interface ActionMenuProps {
  readonly label: string
  readonly actions: readonly Action[]
  readonly anchor: HTMLElement
  readonly placement?: 'bottom start' | 'bottom end'
  /** What stands above the actions of a sheet. */
  readonly top?: ReactNode
  readonly onClose: () => void
}

/** What can be done with something: a menu beside it, or a sheet where fingers choose. */
export function ActionMenu({ label, actions, anchor, placement = 'bottom start', top, onClose }: ActionMenuProps) {
  const { i18n } = useTranslation()
  useLayer(onClose)
  const [parent, setParent] = useState<Action>()
  const shown = parent?.further ?? actions
  const menu = (
    <Menu
      key={parent?.id}
      className={css.menu ?? ''}
      aria-label={parent?.words ?? label}
      autoFocus="first"
      shouldCloseOnSelect={false}
      onAction={(key) => {
        const chosen = shown.find(({ id }) => id === key)
        if (chosen?.further) return setParent(chosen)
        onClose()
        chosen?.run()
      }}
    >
      {shown.map(({ id, words, icon, isDanger }) => (
        <MenuItem key={id} id={id} textValue={words} className={`${css.item} ${isDanger ? css.danger : ''}`}>
          {icon}
          {words}
        </MenuItem>
      ))}
    </Menu>
  )
  const close = (isOpen: boolean) => !isOpen && onClose()
  return (
    <I18nProvider locale={i18n.language}>
      {hasTouch() ? (
        <ModalOverlay className={css.overlay ?? ''} isOpen isDismissable onOpenChange={close}>
          <Modal className={css.sheet ?? ''}>
            <Dialog className={css.dialog ?? ''} aria-label={label}>
              {top}
              {menu}
            </Dialog>
          </Modal>
        </ModalOverlay>
      ) : (
        <Popover
          aria-label={label}
          className={css.popover ?? ''}
          triggerRef={{ current: anchor }}
          placement={placement}
          isOpen
          onOpenChange={close}
        >
          {menu}
        </Popover>
      )}
    </I18nProvider>
  )
}

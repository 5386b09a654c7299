import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { isTaken } from '../../composer/input-method.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { errorText } from '../../state/problem-text.ts'
import { useLayer } from '../../state/use-layer.ts'
import { Avatar } from '../../ui/avatar.tsx'
import css from './palette.module.css'
import { type Option, useOptions } from './use-options.ts'

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** One field for chats, people, messages and commands (`>`). The first hit is active; ↑ ↓ Home End choose, Enter opens. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string>()
  const { options, isBusy, error } = useOptions(typed)
  const active = Math.max(
    0,
    options.findIndex((option) => option.id === chosen),
  )
  const list = useRef<HTMLDivElement>(null)
  useLayer(onClose)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active, options])

  function open(option: Option | undefined, isKept = false) {
    if (!option) return
    // The address takes the place of this layer, so it goes there first.
    option.run()
    if (!isKept) onClose()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isTaken(event.nativeEvent)) return
    const step = STEPS[event.key]
    if (event.key === 'Enter') open(options[active], event.ctrlKey)
    else if (step && options.length > 0) setChosen(options[step(active, options.length)]?.id)
    else return
    event.preventDefault()
  }

  return (
    <ModalOverlay className={css.overlay ?? ''} isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className={css.modal ?? ''}>
        <Dialog className={css.dialog ?? ''} aria-label={t('palette.title')}>
          <div className={css.field}>
            <Search size={19} aria-hidden="true" />
            <input
              role="combobox"
              aria-expanded={options.length > 0}
              aria-controls={id}
              aria-activedescendant={options[active] && `${id}-${active}`}
              aria-label={t('palette.title')}
              placeholder={t('palette.placeholder')}
              autoComplete="off"
              spellCheck={false}
              // The dialog is asked for to type in it.
              autoFocus
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                setChosen(undefined)
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div ref={list} id={id} role="listbox" aria-label={t('search.results')} aria-busy={isBusy} className={css.list}>
            {options.map((option, i) => (
              <div key={option.id} role="presentation">
                {option.section !== options[i - 1]?.section && <p className={css.section}>{t(`palette.${option.section}`)}</p>}
                <button
                  type="button"
                  id={`${id}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === active}
                  className={css.option}
                  onPointerMove={() => option.id !== options[active]?.id && setChosen(option.id)}
                  onClick={(event) => open(option, event.ctrlKey)}
                >
                  {option.avatar && <Avatar {...option.avatar} name={option.title} size={32} />}
                  <bdi className={css.title}>{option.title}</bdi>
                  <bdi className={css.note}>{option.note}</bdi>
                  {option.time && <time className={css.time}>{option.time}</time>}
                </button>
              </div>
            ))}
          </div>
          {options.length === 0 && !isBusy && (
            <p className={css.words} role="status">
              {error === undefined ? t(typed.trim() === '' ? 'nav.noChats' : 'palette.none') : errorText(error)}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

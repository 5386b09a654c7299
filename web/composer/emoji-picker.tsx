import { type EmojiPickerListComponents, EmojiPicker as Picker } from 'frimousse'
import type { RefObject } from 'react'
import { Dialog, I18nProvider, Popover } from 'react-aria-components'
import { useTranslation } from '../i18n/use-translation.ts'
import { hasTouch } from '../state/pointer.ts'
import { useLayer } from '../state/use-layer.ts'
import css from './emoji-picker.module.css'

interface EmojiPickerProps {
  readonly anchor: RefObject<HTMLElement | null>
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

/** The library counts from 0, ARIA from 1. */
const next = (index: number | undefined) => (index === undefined ? undefined : index + 1)

/** Made once: others in their place would be other components, and the cell that has the focus would be a new one. */
const parts: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...rest }) => (
    <div className={css.category} {...rest}>
      {category.label}
    </div>
  ),
  Row: (props) => <div className={css.row} {...props} aria-rowindex={next(props['aria-rowindex'])} />,
  Emoji: ({ emoji, ...rest }) => (
    <button type="button" className={css.emoji} title={emoji.label} {...rest} role="gridcell" aria-colindex={next(rest['aria-colindex'])}>
      {emoji.emoji}
    </button>
  ),
}

/** All emoji, found by words in the language of the page; names and words come from this host. */
export default function EmojiPicker({ anchor, onPick, onClose }: EmojiPickerProps) {
  const { t, i18n } = useTranslation()
  useLayer(onClose)
  return (
    <I18nProvider locale={i18n.language}>
      <Popover
        className={css.popover ?? ''}
        triggerRef={anchor}
        placement="top start"
        isOpen
        onOpenChange={(isOpen) => !isOpen && onClose()}
      >
        <Dialog aria-label={t('emoji.label')} className={css.dialog ?? ''}>
          <Picker.Root
            className={css.root}
            locale={i18n.language}
            emojibaseUrl="/emoji"
            columns={hasTouch() ? 7 : 8}
            onEmojiSelect={({ emoji }) => onPick(emoji)}
          >
            <Picker.Search className={css.search} autoFocus placeholder={t('emoji.search')} aria-label={t('emoji.search')} />
            <Picker.Viewport className={css.viewport} tabIndex={0}>
              <Picker.Loading className={css.words}>{t('emoji.loading')}</Picker.Loading>
              <Picker.Empty className={css.words}>{t('emoji.none')}</Picker.Empty>
              <Picker.List className={css.list} components={parts} />
            </Picker.Viewport>
            <footer className={css.foot}>
              <Picker.ActiveEmoji>{({ emoji }) => <span className={css.label}>{emoji?.label ?? ''}</span>}</Picker.ActiveEmoji>
              <Picker.SkinToneSelector className={css.tone} aria-label={t('emoji.tone')} title={t('emoji.tone')} />
            </footer>
          </Picker.Root>
        </Dialog>
      </Popover>
    </I18nProvider>
  )
}

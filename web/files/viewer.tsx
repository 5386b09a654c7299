import { ChevronLeft, ChevronRight, CornerUpLeft, Download, Forward, X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { Dialog, I18nProvider, Modal, ModalOverlay } from 'react-aria-components'
import type { Chat, File } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { fullTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { useWords } from '../state/message-words.ts'
import { useNames } from '../state/people.ts'
import { wantedPlace } from '../state/place.ts'
import { useNameOf } from '../state/titles.ts'
import { useLayer } from '../state/use-layer.ts'
import { useMessage } from '../state/use-message.ts'
import { closeViewer, type Viewed, viewer } from '../state/viewer.ts'
import { IconButton } from '../ui/button.tsx'
import { useFresh } from './use-fresh.ts'
import { useNeighbours, type Visual } from './use-neighbours.ts'
import { useSource } from './use-source.ts'
import css from './viewer.module.css'
import { Zoomable } from './zoomable.tsx'

/** Pictures and videos of a chat, large, one at a time; the arrows lead to those before and after it. */
export default function Viewer({ onClose }: { readonly onClose: () => void }) {
  const { i18n } = useTranslation()
  const shown = useStore(viewer)
  return <I18nProvider locale={i18n.language}>{shown && <Shown shown={shown} onClose={onClose} />}</I18nProvider>
}

function Shown({ shown, onClose }: { readonly shown: Viewed; readonly onClose: () => void }) {
  const { t } = useTranslation()
  useLayer(onClose)
  const chat = useClient().chat(shown.chatId)
  const { at, before, after } = useNeighbours(chat, shown)
  const message = useMessage(chat, shown.messageId)
  const alt = message?.attachments.find(({ file }) => file.id === shown.fileId)?.alt
  const { whole } = useWords()
  const caption = alt ?? (message && whole(message, shown.chatId))
  const go = (to: Visual | undefined) => to && viewer.set({ chatId: shown.chatId, messageId: to.messageId, fileId: to.file.id })

  const onArrow = useEffectEvent((event: KeyboardEvent) => {
    if (event.target instanceof HTMLVideoElement) return
    const isLeft = event.key === 'ArrowLeft'
    if (!isLeft && event.key !== 'ArrowRight') return
    const isRtl = getComputedStyle(document.documentElement).direction === 'rtl'
    go(isLeft === isRtl ? after : before)
    event.preventDefault()
  })
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => onArrow(event)
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
  const words = alt ?? at?.file.name ?? t('message.photo')
  return (
    <ModalOverlay className={css.overlay ?? ''} isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className={css.modal ?? ''}>
        <Dialog className={css.dialog ?? ''} aria-label={words}>
          <div className={css.inside}>
            {at && <Bar chat={chat} at={at} onClose={onClose} />}
            <div className={css.stage}>
              {at && <Large key={at.file.id} file={at.file} words={words} onClose={onClose} />}
              {[before, after].map((near) => near?.file.kind === 'image' && <Preloaded key={near.file.id} file={near.file} />)}
            </div>
            {before && (
              <IconButton label={t('file.previous')} className={css.previous} onClick={() => go(before)}>
                <ChevronLeft size={28} />
              </IconButton>
            )}
            {after && (
              <IconButton label={t('file.next')} className={css.next} onClick={() => go(after)}>
                <ChevronRight size={28} />
              </IconButton>
            )}
            {caption && (
              <p className={css.caption} dir="auto">
                {caption}
              </p>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

interface BarProps {
  readonly chat: Chat
  readonly at: Visual
  readonly onClose: () => void
}

function Bar({ chat, at: { file, messageId, messageSeq, senderId }, onClose }: BarProps) {
  const { t, i18n } = useTranslation()
  const nameOf = useNameOf()
  const name = useNames(chat, [senderId])(senderId)
  const { href } = useFresh({ file })
  function goTo() {
    onClose()
    wantedPlace.set({ chatId: chat.id, seq: messageSeq })
  }
  return (
    <header className={css.bar}>
      <p className={css.who}>
        <bdi>{nameOf({ name })}</bdi>
        <time dateTime={new Date(file.createdAt).toISOString()}>{fullTime(i18n.language, file.createdAt)}</time>
      </p>
      {href !== undefined && (
        <a className={css.tool} href={href} download={file.name} aria-label={t('file.download')} title={t('file.download')}>
          <Download size={20} />
        </a>
      )}
      <IconButton
        label={t('message.forward')}
        className={css.tool}
        onClick={() => {
          onClose()
          openDialog({ kind: 'forward', chatId: chat.id, messageId })
        }}
      >
        <Forward size={20} />
      </IconButton>
      <IconButton label={t('file.goTo')} className={css.tool} onClick={goTo}>
        <CornerUpLeft size={20} />
      </IconButton>
      <IconButton label={t('common.close')} className={css.tool} onClick={closeViewer}>
        <X size={22} />
      </IconButton>
    </header>
  )
}

function Large({ file, words, onClose }: { readonly file: File; readonly words: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const small = useSource({ file }, 'preview')
  const whole = useSource({ file }, 'whole')
  const [isLoaded, setLoaded] = useState(false)
  if (whole.isGone) return <p role="status">{t('file.gone')}</p>
  if (file.kind === 'video')
    return (
      <video className={css.large} src={whole.src} controls autoPlay playsInline aria-label={words} onError={whole.onError}>
        <track kind="captions" />
      </video>
    )
  return (
    <Zoomable onClose={onClose}>
      <img className={css.large} src={isLoaded ? whole.src : small.src} alt={words} draggable={false} onError={whole.onError} />
      {!isLoaded && <img className={css.hidden} src={whole.src} alt="" aria-hidden="true" onLoad={() => setLoaded(true)} />}
    </Zoomable>
  )
}

function Preloaded({ file }: { readonly file: File }) {
  const { src } = useSource({ file }, 'preview')
  return <img className={css.hidden} src={src} alt="" aria-hidden="true" />
}

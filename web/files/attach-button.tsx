import { Camera, File, Image, Plus } from 'lucide-react'
import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { hasTouch } from '../state/pointer.ts'
import { IconButton } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import type { Attach } from './use-attaching.ts'

const ActionMenu = late(() => import('./attach-menu.tsx'))

/** Chooses files to send: pictures and videos, anything as it is, or what the camera takes. */
export function AttachButton({ onAttach, disabled = false }: { readonly onAttach: Attach; readonly disabled?: boolean }) {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  const media = useRef<HTMLInputElement>(null)
  const files = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const [isOpen, setOpen] = useState(false)
  const taken = (isOriginal: boolean) => (event: ChangeEvent<HTMLInputElement>) => {
    onAttach([...(event.target.files ?? [])], { isOriginal })
    event.target.value = ''
  }
  const actions = [
    { id: 'media', words: t('file.media'), icon: <Image size={17} />, run: () => media.current?.click() },
    { id: 'file', words: t('file.any'), icon: <File size={17} />, run: () => files.current?.click() },
    ...(hasTouch() ? [{ id: 'camera', words: t('file.camera'), icon: <Camera size={17} />, run: () => camera.current?.click() }] : []),
  ]
  return (
    <>
      <IconButton
        ref={button}
        label={t('file.attach')}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        disabled={disabled}
        onClick={() => setOpen(!isOpen)}
      >
        <Plus size={22} />
      </IconButton>
      <input ref={media} type="file" hidden multiple accept="image/*,video/*" aria-label={t('file.media')} onChange={taken(false)} />
      <input ref={files} type="file" hidden multiple aria-label={t('file.any')} onChange={taken(true)} />
      <input ref={camera} type="file" hidden accept="image/*" capture="environment" aria-label={t('file.camera')} onChange={taken(false)} />
      {isOpen && button.current && (
        <ActionMenu label={t('file.attach')} actions={actions} anchor={button.current} onClose={() => setOpen(false)} />
      )}
    </>
  )
}

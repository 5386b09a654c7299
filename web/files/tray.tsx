import { FileText, FileUp, Music, RotateCw, Video, X } from 'lucide-react'
import { type KeyboardEvent, useId } from 'react'
import type { Upload } from '../../src/client/files.ts'
import { useFiles, useUploads } from '../../src/client/react/files.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { DraftFile } from '../state/drafts.ts'
import { problemText } from '../state/problem-text.ts'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { urlOf } from './blob-url.ts'
import { forgetOriginal, originalOf } from './originals.ts'
import { Progress } from './progress.tsx'
import css from './tray.module.css'
import { sizeWords } from './words.ts'

interface TrayProps {
  readonly files: readonly DraftFile[]
  readonly onChange: (files: readonly DraftFile[]) => void
}

/** What will be sent with the message: how far each upload is, what pictures show in words, and in which order. */
export function Tray({ files, onChange }: TrayProps) {
  const { t } = useTranslation()
  const uploads = useUploads()
  const work = useFiles()
  const hint = useId()

  function move(from: number, to: number) {
    if (to < 0 || to >= files.length) return
    const next = files.toSpliced(from, 1)
    onChange(next.toSpliced(to, 0, files[from]!))
  }
  return (
    <ul className={css.tray} aria-label={t('file.tray')} aria-describedby={hint}>
      {files.map((file, i) => (
        <Tile
          key={file.key}
          upload={uploads.get(file.key)}
          file={file}
          onMove={(step) => move(i, i + step)}
          onAlt={(alt) => onChange(files.map((one) => (one === file ? { ...one, alt } : one)))}
          onRemove={() => {
            onChange(files.filter((one) => one !== file))
            work.discard(file.key)
            forgetOriginal(file.key)
          }}
          onRetry={() => work.retry(file.key)}
          onOriginal={(original) => {
            const key = work.upload(original, { name: original.name })
            onChange(files.map((one) => (one === file ? { ...one, key } : one)))
            work.discard(file.key)
            forgetOriginal(file.key)
          }}
        />
      ))}
      <li hidden id={hint}>
        {t('file.trayHint')}
      </li>
    </ul>
  )
}

interface TileProps {
  readonly upload: Upload | undefined
  readonly file: DraftFile
  readonly onMove: (step: -1 | 1) => void
  readonly onAlt: (alt: string) => void
  readonly onRemove: () => void
  readonly onRetry: () => void
  /** The picture goes as it was chosen. */
  readonly onOriginal: (original: File) => void
}

const ALT_LENGTH = 1_000

function Tile({ upload, file: { key, alt }, onMove, onAlt, onRemove, onRetry, onOriginal }: TileProps) {
  const { t, i18n } = useTranslation()
  const name = upload?.name ?? ''
  const isFailed = upload?.status === 'failed'
  const original = originalOf(key)
  const words = isFailed ? problemText(upload.problem) : upload ? sizeWords(i18n.language, upload.size) : t('common.loading')

  function onKeyDown(event: KeyboardEvent) {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    event.preventDefault()
    event.stopPropagation()
    const isForward = (event.key === 'ArrowRight') === (getComputedStyle(event.currentTarget).direction === 'ltr')
    onMove(isForward ? 1 : -1)
  }
  return (
    <li className={classes(css.tile, isFailed && css.failed)} onKeyDown={onKeyDown}>
      <span className={css.thumb}>
        {upload && <Thumb upload={upload} />}
        {upload && upload.status !== 'done' && !isFailed && <Progress of={{ upload: key, file: upload.file }} />}
      </span>
      <span className={css.about}>
        <bdi className={css.name} title={name}>
          {name}
        </bdi>
        <span className={css.quiet} role={isFailed ? 'alert' : undefined}>
          {words}
        </span>
        {upload?.file.kind === 'image' && (
          <input
            className={css.alt}
            value={alt}
            maxLength={ALT_LENGTH}
            placeholder={t('file.alt')}
            aria-label={t('file.altOf', { name })}
            onChange={(event) => onAlt(event.target.value)}
          />
        )}
      </span>
      {original && (
        <IconButton label={t('file.asFile', { name, size: sizeWords(i18n.language, original.size) })} onClick={() => onOriginal(original)}>
          <FileUp size={17} />
        </IconButton>
      )}
      {isFailed && (
        <IconButton label={t('file.retry', { name })} onClick={onRetry}>
          <RotateCw size={17} />
        </IconButton>
      )}
      <IconButton label={t('file.remove', { name })} onClick={onRemove}>
        <X size={18} />
      </IconButton>
    </li>
  )
}

const ICONS = { file: FileText, audio: Music, video: Video, image: FileText } as const

function Thumb({ upload: { key, file } }: { readonly upload: Upload }) {
  const files = useFiles()
  const blob = files.blob(key) ?? files.blob(file.id)
  if (file.kind === 'image' && blob) return <img src={urlOf(blob)} alt="" />
  const Icon = ICONS[file.kind]
  return <Icon size={24} aria-hidden="true" />
}

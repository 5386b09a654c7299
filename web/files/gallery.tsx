import { ImageOff, Play } from 'lucide-react'
import type { CSSProperties } from 'react'
import type { Attachment, Chat, Row } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openViewer } from '../state/viewer.ts'
import { classes } from '../ui/classes.ts'
import css from './attachments.module.css'
import { placeholderOf } from './placeholder.ts'
import { Progress } from './progress.tsx'
import { cellsOf, IN_GRID, shapeOf } from './shapes.ts'
import { useSource } from './use-source.ts'

interface GalleryProps {
  readonly chat: Chat
  readonly row: Row
  readonly visual: readonly Attachment[]
  readonly isStop: boolean
}

/** Pictures and videos: one in its own shape, several in a grid. Pressing one shows it large. */
export function Gallery({ chat, row, visual, isStop }: GalleryProps) {
  const open = ({ file }: Attachment) =>
    row.id !== undefined && row.seq !== undefined && openViewer({ chatId: chat.id, messageId: row.id, fileId: file.id })
  const [only] = visual
  if (visual.length === 1 && only) {
    const { width, ratio } = shapeOf(only.file)
    return (
      <div className={css.single} style={{ '--width': `${width}rem`, aspectRatio: ratio } as CSSProperties}>
        <Tile of={only} isStop={isStop} onOpen={() => open(only)} isLarge />
      </div>
    )
  }
  const cells = cellsOf(visual.length)
  const more = visual.length - IN_GRID
  return (
    <div className={css.grid}>
      {cells.map(({ isWide }, i) => (
        <div key={i} className={classes(css.cell, isWide && css.wide)}>
          <Tile
            of={visual[i]!}
            isStop={isStop}
            more={i === IN_GRID - 1 && more > 0 ? more : 0}
            onOpen={() => open(visual[i]!)}
            isLarge={isWide}
          />
        </div>
      ))}
    </div>
  )
}

interface TileProps {
  readonly of: Attachment
  readonly isStop: boolean
  /** So many more are behind it. */
  readonly more?: number
  readonly isLarge?: boolean
  readonly onOpen: () => void
}

function Tile({ of, isStop, more = 0, isLarge = false, onOpen }: TileProps) {
  const { t } = useTranslation()
  const { file, alt } = of
  const kind = file.kind === 'video' ? t('message.video') : t('message.photo')
  const { src, isGone, onError } = useSource(of, isLarge ? 'preview' : 'thumb')
  const words = more > 0 ? t('file.more', { count: more }) : `${kind}${alt ? `: ${alt}` : ''}`
  const behind = placeholderOf(file.thumbhash)
  return (
    <button
      type="button"
      className={css.tile}
      style={behind === undefined ? undefined : { backgroundImage: `url("${behind}")` }}
      aria-label={words}
      title={alt}
      tabIndex={isStop ? 0 : -1}
      onClick={onOpen}
    >
      {isGone ? (
        <ImageOff size={28} aria-hidden="true" />
      ) : file.kind === 'video' ? (
        <video src={src} preload="metadata" muted playsInline onError={onError} aria-hidden="true" tabIndex={-1} />
      ) : (
        src !== undefined && <img src={src} alt="" decoding="async" draggable={false} onError={onError} />
      )}
      {file.kind === 'video' && of.upload === undefined && (
        <span className={css.play}>
          <Play size={26} fill="currentColor" aria-hidden="true" />
        </span>
      )}
      {more > 0 && <span className={css.more}>+{more}</span>}
      {of.upload !== undefined && <Progress of={of} />}
    </button>
  )
}

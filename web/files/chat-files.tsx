import { useState } from 'react'
import type { SharedFile } from '../../src/client/files.ts'
import type { Attachment, Chat } from '../../src/client/index.ts'
import { useChatFiles } from '../../src/client/react/files.ts'
import css from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { problemText } from '../state/problem-text.ts'
import { openViewer } from '../state/viewer.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { AudioPlayer } from './audio-player.tsx'
import own from './chat-files.module.css'
import { Document } from './document.tsx'
import { placeholderOf } from './placeholder.ts'
import { useSource } from './use-source.ts'

const KINDS = ['image', 'video', 'audio', 'file'] as const
type Kind = (typeof KINDS)[number]

/** The files of a chat, newest first, by kind. */
export function ChatFiles({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('image')
  const found = useChatFiles(chat.id, { kind })
  const options = KINDS.map((value) => ({ value, text: t(`file.kind_${value}`) }))
  return (
    <section className={css.section}>
      <h3>{t('file.ofChat')}</h3>
      <Choice label={t('file.kinds')} options={options} value={kind} onChoose={setKind} />
      <ul className={kind === 'image' || kind === 'video' ? own.grid : own.list} aria-busy={found.status === 'loading'}>
        {found.items.map((shared) => (
          <li key={`${shared.messageId} ${shared.file.id}`}>
            <Shared chatId={chat.id} shared={shared} />
          </li>
        ))}
      </ul>
      {found.status === 'ready' && found.items.length === 0 && <p className={css.quiet}>{t('file.none')}</p>}
      {found.status === 'failed' && <p role="alert">{problemText(found.problem)}</p>}
      {(found.hasMore || found.status === 'failed') && (
        <Button look="quiet" onClick={found.loadMore}>
          {found.status === 'failed' ? t('common.retry') : t('group.more')}
        </Button>
      )}
    </section>
  )
}

function Shared({ chatId, shared: { file, messageId } }: { readonly chatId: string; readonly shared: SharedFile }) {
  const of = { file, alt: undefined, durationMs: undefined, waveform: undefined }
  if (file.kind === 'audio') return <AudioPlayer of={of} />
  if (file.kind === 'file') return <Document of={of} />
  return <Small of={of} onOpen={() => openViewer({ chatId, messageId, fileId: file.id })} />
}

interface SmallProps {
  readonly of: Attachment
  readonly onOpen: () => void
}

function Small({ of, onOpen }: SmallProps) {
  const { file } = of
  const { src, onError } = useSource(of, 'thumb')
  const behind = placeholderOf(file.thumbhash)
  return (
    <button
      type="button"
      className={own.small}
      aria-label={file.name}
      title={file.name}
      style={behind === undefined ? undefined : { backgroundImage: `url("${behind}")` }}
      onClick={onOpen}
    >
      {file.kind === 'video' ? (
        <video src={src} preload="metadata" muted playsInline aria-hidden="true" tabIndex={-1} onError={onError} />
      ) : (
        src !== undefined && <img src={src} alt="" loading="lazy" decoding="async" onError={onError} />
      )}
    </button>
  )
}

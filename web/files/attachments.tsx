import type { Attachment, Chat, Row } from '../../src/client/index.ts'
import css from './attachments.module.css'
import { AudioPlayer } from './audio-player.tsx'
import { Document } from './document.tsx'
import { Gallery } from './gallery.tsx'
import { isVisual } from './shapes.ts'

interface AttachmentsProps {
  readonly chat: Chat
  readonly row: Row
  /** May the Tab key stop in it. */
  readonly isStop: boolean
}

/** What a message has beside its text: pictures first, then what is heard, then what is saved. */
export function Attachments({ chat, row, isStop }: AttachmentsProps) {
  const { attachments } = row
  const visual = attachments.filter(isVisual)
  const others = attachments.filter((one) => !isVisual(one))
  return (
    <div className={css.attachments}>
      {visual.length > 0 && <Gallery chat={chat} row={row} visual={visual} isStop={isStop} />}
      {others.map((one, i) => (
        // A file has another id once it is sent, and stays where it is.
        <Other key={i} of={one} isStop={isStop} />
      ))}
    </div>
  )
}

const Other = ({ of, isStop }: { readonly of: Attachment; readonly isStop: boolean }) =>
  of.file.kind === 'audio' ? <AudioPlayer of={of} isStop={isStop} /> : <Document of={of} isStop={isStop} />

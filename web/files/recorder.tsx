import { ArrowUp, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { IconButton } from '../ui/button.tsx'
import { type Recorded, type Recording, record } from './record.ts'
import css from './tray.module.css'
import { durationWords } from './words.ts'

interface RecorderProps {
  readonly onDone: (recorded: Recorded) => void
  readonly onClose: () => void
}

/** Records a voice message in place of the field. Space or Enter sends it, Escape drops it; it ends with the page and the chat. */
export default function Recorder({ onDone, onClose }: RecorderProps) {
  const { t } = useTranslation()
  const [levels, setLevels] = useState<readonly number[]>([])
  const [ms, setMs] = useState(0)
  const recording = useRef<Recording>(undefined)
  const done = useRef<HTMLButtonElement>(null)
  const fail = useEffectEvent((error: unknown) => {
    const isForbidden = error instanceof DOMException && error.name === 'NotAllowedError'
    tell(isForbidden ? t('file.micForbidden') : t('file.micMissing'), { isFault: true })
    onClose()
  })

  useEffect(() => {
    let isOver = false
    const told = (level: number, at: number) => {
      setLevels((before) => [...before.slice(-120), level])
      setMs(at)
    }
    record(told).then((begun) => {
      if (isOver) begun.cancel()
      else recording.current = begun
      done.current?.focus()
    }, fail)
    return () => {
      isOver = true
      recording.current?.cancel()
    }
  }, [])

  function send() {
    const now = recording.current
    if (!now) return
    recording.current = undefined
    void now.finish().then((recorded) => {
      onClose()
      if (recorded) onDone(recorded)
    })
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  return (
    <div className={css.recorder} role="group" aria-label={t('file.recording')} onKeyDown={onKeyDown}>
      <IconButton label={t('file.dropRecording')} onClick={onClose}>
        <Trash2 size={20} />
      </IconButton>
      <span className={css.light} aria-hidden="true" />
      <span className={css.time} role="timer">
        {durationWords(ms)}
      </span>
      <span className={css.levels} aria-hidden="true">
        {levels.map((level, i) => (
          <span key={i} style={{ height: `${Math.max(8, level)}%` }} />
        ))}
      </span>
      <IconButton ref={done} label={t('file.sendRecording')} className={css.send} onClick={send}>
        <ArrowUp size={20} strokeWidth={2.5} />
      </IconButton>
    </div>
  )
}

import { Pause, Play } from 'lucide-react'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import type { Attachment } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { holder } from '../state/holder.ts'
import { IconButton } from '../ui/button.tsx'
import css from './attachments.module.css'
import { Progress } from './progress.tsx'
import { useSource } from './use-source.ts'
import { durationWords } from './words.ts'

/** One sound at a time. */
const playing = holder<HTMLAudioElement | undefined>(undefined)
const SPEEDS = [1, 1.5, 2] as const
const BARS = 48

/** Plays a voice message or another sound: a button, where it is, how long it is, how fast it goes. */
export function AudioPlayer({ of, isStop = true }: { readonly of: Attachment; readonly isStop?: boolean }) {
  const { t } = useTranslation()
  const { file, durationMs, waveform, upload } = of
  const { src, isGone, onError } = useSource(of, 'whole')
  const { audio, isPlaying, at, lasts, toggle, seek, events } = usePlaying(durationMs)
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1)
  const name = waveform ? t('message.voice') : file.name
  const part = lasts > 0 ? Math.min(1, at / lasts) : 0
  const tabIndex = isStop ? 0 : -1

  function faster() {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]!
    setSpeed(next)
    if (audio.current) audio.current.playbackRate = next
  }

  return (
    <div className={css.audio} role="group" aria-label={name}>
      <audio ref={audio} src={src} preload="none" onError={onError} {...events}>
        <track kind="captions" />
      </audio>
      {upload === undefined ? (
        <IconButton
          label={isPlaying ? t('file.pause') : t('file.play')}
          className={css.toggle}
          disabled={isGone}
          tabIndex={tabIndex}
          onClick={toggle}
        >
          {isPlaying ? <Pause size={20} fill="currentColor" /> : <Play size={20} fill="currentColor" />}
        </IconButton>
      ) : (
        <span className={css.icon}>
          <Progress of={of} />
        </span>
      )}
      <div className={css.track2}>
        {waveform ? <Waveform of={waveform} part={part} /> : <bdi className={css.fileName}>{file.name}</bdi>}
        <input
          type="range"
          className={waveform ? css.over : css.seek}
          style={{ '--part': `${part * 100}%` } as CSSProperties}
          aria-label={t('file.seek')}
          aria-valuetext={durationWords(at)}
          min={0}
          max={Math.max(1, Math.round(lasts))}
          step={100}
          value={Math.min(Math.round(at), Math.round(lasts))}
          disabled={upload !== undefined || isGone}
          tabIndex={tabIndex}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <span className={css.times}>{isGone ? t('file.gone') : durationWords(isPlaying || at > 0 ? at : lasts)}</span>
      </div>
      {isPlaying && (
        <button type="button" className={css.speed} aria-label={t('file.speed', { speed })} tabIndex={tabIndex} onClick={faster}>
          {speed}×
        </button>
      )}
    </div>
  )
}

/** Where a sound is, in milliseconds. Recordings of browsers do not say how long they last: the message does. */
function usePlaying(durationMs: number | undefined) {
  const audio = useRef<HTMLAudioElement>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [found, setFound] = useState(0)
  useEffect(() => {
    const own = audio.current
    return () => {
      own?.pause()
      if (playing.get() === own) playing.set(undefined)
    }
  }, [])
  function toggle() {
    const own = audio.current
    if (!own) return
    if (!own.paused) return own.pause()
    playing.get()?.pause()
    playing.set(own)
    own.play().catch(() => undefined)
  }
  return {
    audio,
    isPlaying,
    at,
    lasts: durationMs ?? found,
    toggle,
    seek(ms: number) {
      setAt(ms)
      if (audio.current) audio.current.currentTime = ms / 1_000
    },
    events: {
      onPlay: () => setPlaying(true),
      onPause: () => setPlaying(false),
      onEnded: () => setAt(0),
      onTimeUpdate: () => setAt((audio.current?.currentTime ?? 0) * 1_000),
      onDurationChange() {
        const { duration = 0 } = audio.current ?? {}
        if (Number.isFinite(duration)) setFound(duration * 1_000)
      },
    },
  }
}

/** How loud it is where, 0 to 100; what was heard already stands out. */
export function Waveform({ of, part }: { readonly of: readonly number[]; readonly part: number }) {
  const bars = Array.from({ length: BARS }, (_, i) => of[Math.floor((i * of.length) / BARS)] ?? 0)
  return (
    <span className={css.wave} aria-hidden="true">
      {bars.map((level, i) => (
        <span key={i} data-heard={i / BARS < part} style={{ height: `${Math.max(10, level)}%` }} />
      ))}
    </span>
  )
}

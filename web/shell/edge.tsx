import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { keep, kept } from '../state/kept.ts'
import css from './shell.module.css'

const LEAST = 15
const MOST = 26
const USUAL = 20
const within = (rem: number) => Math.min(MOST, Math.max(LEAST, rem))

/** How wide the list was made, in rem. */
export const keptWidth = (): number => within(Number(kept('list-width')) || USUAL)

interface EdgeProps {
  readonly width: number
  readonly onWidth: (width: number) => void
}

/** The edge of the list, to be dragged or moved by arrows; a double click gives it back its usual place. */
export function Edge({ width, onWidth }: EdgeProps) {
  const { t } = useTranslation()
  const [start, setStart] = useState<{ readonly x: number; readonly width: number }>()
  function set(rem: number) {
    onWidth(within(rem))
    keep('list-width', String(within(rem)))
  }
  function onPointerMove({ clientX }: PointerEvent) {
    if (!start) return
    const isMirrored = document.dir === 'rtl'
    const moved = (clientX - start.x) / Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    onWidth(within(start.width + (isMirrored ? -moved : moved)))
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: width - 1, ArrowRight: width + 1, Home: LEAST, End: MOST }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    set(next)
  }
  return (
    <hr
      className={css.edge}
      aria-orientation="vertical"
      aria-label={t('nav.width')}
      aria-valuenow={Math.round(width)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      data-dragging={start && ''}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setStart({ x: event.clientX, width })
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        setStart(undefined)
        set(width)
      }}
      onDoubleClick={() => set(USUAL)}
      onKeyDown={onKeyDown}
    />
  )
}

import { ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { classes } from '../ui/classes.ts'
import css from './part-list.module.css'
import parts from './parts.module.css'

interface PartListProps {
  readonly label: string
  readonly nameOf: (part: string) => string
  readonly parts: readonly string[]
  /** The one that was left for the list, which has the focus again. */
  readonly left: string | undefined
  readonly above: ReactNode
  readonly onChoose: (part: string) => void
}

export function PartList({ label, nameOf, parts: all, left, above, onChoose }: PartListProps) {
  const before = useRef<HTMLButtonElement>(null)
  useEffect(() => before.current?.focus(), [])
  return (
    <div className={classes(parts.body, css.page)}>
      {above}
      <ul className={css.list} aria-label={label}>
        {all.map((part) => (
          <li key={part}>
            <button ref={part === left ? before : null} type="button" className={css.line} onClick={() => onChoose(part)}>
              {nameOf(part)}
              <ChevronRight size={18} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

import { UsersRound } from 'lucide-react'
import type { CSSProperties } from 'react'
import css from './avatar.module.css'
import { classes } from './classes.ts'
import { hueOf } from './hue.ts'

interface AvatarProps {
  /** Decides the colour: the same person looks the same everywhere. */
  readonly id: string
  readonly name: string | undefined
  readonly size?: number
  readonly isGroup?: boolean
  readonly isOnline?: boolean | undefined
}

/** A decoration: who it is stands beside it in words. */
export function Avatar({ id, name, size = 44, isGroup = false, isOnline = false }: AvatarProps) {
  const style = { '--size': `min(${size / 16}rem, ${size / 3}vw)`, '--hue': hueOf(id) } as CSSProperties
  return (
    <span
      className={classes(css.avatar, isGroup && css.group, name === undefined && css.nobody)}
      style={style}
      data-avatar=""
      aria-hidden="true"
    >
      {initials(name) ?? <UsersRound size={size * 0.5} />}
      {isOnline && <span className={css.online} />}
    </span>
  )
}

function initials(name: string | undefined): string | undefined {
  const words = (name ?? '').split(/[\s._-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  if (!first) return undefined
  return [first, last]
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toLocaleUpperCase()
}

import { UsersRound } from 'lucide-react'
import { type CSSProperties, useState } from 'react'
import { useStore } from '../../src/client/react.ts'
import { useSource } from '../files/use-source.ts'
import { pictures } from '../state/pictures.ts'
import { useLatest } from '../state/renamed.ts'
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
export function Avatar({ id, name: given, size = 44, isGroup = false, isOnline = false }: AvatarProps) {
  const picture = useStore(pictures).get(id)
  const { name } = useLatest()({ id, name: given })
  const style = { '--size': `min(${size / 16}rem, ${size / 3}vw)`, '--hue': hueOf(id) } as CSSProperties
  return (
    <span
      className={classes(css.avatar, isGroup && css.group, name === undefined && css.nobody)}
      style={style}
      data-avatar=""
      aria-hidden="true"
    >
      {initials(name) ?? <UsersRound size={size * 0.5} />}
      {picture !== undefined && <Picture key={picture} fileId={picture} isLarge={size > 100} />}
      {isOnline && <span className={css.online} />}
    </span>
  )
}

/** Over the initials, which stand there until it is loaded, and when it cannot be. */
function Picture({ fileId, isLarge }: { readonly fileId: string; readonly isLarge: boolean }) {
  const { src, onError } = useSource({ file: { id: fileId } }, isLarge ? 'preview' : 'thumb')
  const [isLoaded, setLoaded] = useState(false)
  if (src === undefined) return null
  return (
    <img
      className={css.picture}
      data-loaded={isLoaded}
      src={src}
      alt=""
      draggable={false}
      onLoad={() => setLoaded(true)}
      onError={onError}
    />
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

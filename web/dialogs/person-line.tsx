import { type ReactNode, useEffect } from 'react'
import type { Person } from '../../src/client/index.ts'
import { notePictures } from '../state/pictures.ts'
import { useOnline } from '../state/presence.ts'
import { useLatest } from '../state/renamed.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import css from './parts.module.css'

/** Somebody in a list. */
export function PersonLine({ person: listed, note }: { readonly person: Person; readonly note?: ReactNode }) {
  const person = useLatest()(listed)
  const name = useNameOf()(person)
  const isOnline = useOnline(person.id)
  useEffect(() => notePictures([listed]), [listed])
  return (
    <>
      <Avatar id={person.id} name={person.name} isOnline={isOnline} size={42} />
      <span className={css.words}>
        <bdi className={css.name}>{name}</bdi>
        <span className={css.quiet}>{note ?? (person.username && `@${person.username}`)}</span>
      </span>
    </>
  )
}

import type { ChatClient, Profile } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { holder } from './holder.ts'
import { notePictures } from './pictures.ts'

/** Users of whom the service has told that they are shown otherwise now: lists that were read before show them so, too. */
const renamed = holder<ReadonlyMap<string, Profile>>(new Map())
/** The others are in lists that are read again. */
const KEPT = 2_000

type Shown = Partial<Pick<Profile, 'id' | 'username' | 'name'>>

/** The same user, as the user is shown now. */
export function useLatest(): <P extends Shown>(person: P) => P {
  const known = useStore(renamed)
  return (person) => {
    const now = known.get(person.id ?? '')
    return now ? { ...person, name: now.name, username: now.username } : person
  }
}

/** Hears of users who are shown otherwise. Returns a function that ends this. */
export function followProfiles({ on }: ChatClient): () => void {
  function put(id: string, person: Profile | undefined): void {
    const next = new Map(renamed.get())
    next.delete(id)
    if (person) next.set(id, person)
    for (const oldest of next.keys()) {
      if (next.size <= KEPT) break
      next.delete(oldest)
    }
    renamed.set(next)
  }
  const stops = [
    on('profile', ({ person }) => {
      notePictures([person])
      put(person.id, person)
    }),
    // What is told in passing may be lost: a message may know a later name.
    on('message', ({ message: { sender } }) => {
      const known = renamed.get().get(sender.id)
      if (known && known.name !== sender.name) put(sender.id, undefined)
    }),
    on('connection', ({ status }) => {
      if (status !== 'online' && renamed.get().size > 0) renamed.set(new Map())
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    renamed.set(new Map())
  }
}

import type { ChatClient, Person } from '../../src/client/index.ts'
import { holder } from './holder.ts'

/** Pictures of people and groups by id, the latest that the page has heard of: files. */
const known = holder<ReadonlyMap<string, string>>(new Map())
/** Those of others are heard of again. */
const KEPT = 2_000

export const pictures: typeof known = known

export function notePictures(all: Iterable<Pick<Person, 'id' | 'avatar'>>): void {
  let next: Map<string, string> | undefined
  for (const { id, avatar } of all) {
    if (known.get().get(id) === avatar) continue
    next ??= new Map(known.get())
    if (avatar === undefined) next.delete(id)
    else next.set(id, avatar)
  }
  if (!next) return
  for (const id of next.keys()) {
    if (next.size <= KEPT) break
    next.delete(id)
  }
  known.set(next)
}

/** The same people, whose pictures are known from now on. */
export function noted<T extends readonly Pick<Person, 'id' | 'avatar'>[]>(all: T): T {
  notePictures(all)
  return all
}

/** Hears of the pictures of the user, of the listed chats and of those whom they are with. Returns a function that ends this. */
export function followPictures({ account, chats }: ChatClient): () => void {
  const look = () => {
    const me = account.me.get()
    notePictures([...(me ? [me] : []), ...chats.get().items.map((item): Pick<Person, 'id' | 'avatar'> => item.partner ?? item)])
  }
  look()
  const stops = [account.me.subscribe(look), chats.subscribe(look)]
  return () => {
    for (const stop of stops) stop()
    known.set(new Map())
  }
}

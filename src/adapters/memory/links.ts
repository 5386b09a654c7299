import type { File } from '../../domain/file.ts'
import type { StoredFile } from '../../domain/filing.ts'
import type { Instant } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import type { MemoryStore } from './store.ts'

const filesOf = (message: Message | undefined) => message?.content.attachments.map(({ file }) => file.id) ?? []

/** A message has become another one, or has come or gone: its files are linked to it as they are now. */
export function relink(
  { links, looseSince }: MemoryStore,
  change: { readonly from?: Message; readonly to?: Message; readonly at: Instant },
): void {
  const { from, to, at } = change
  for (const id of filesOf(from)) {
    links.get(id)?.delete(from!.id)
    if (links.get(id)?.size === 0) links.delete(id)
  }
  for (const id of filesOf(to)) links.set(id, (links.get(id) ?? new Map()).set(to!.id, to!))
  for (const id of [...filesOf(from), ...filesOf(to)])
    if (links.has(id)) looseSince.delete(id)
    else looseSince.set(id, at)
}

/** What a message holds of a file. */
export const shownFile = ({ id, name, size, type, kind, width, height, thumbhash, createdAt }: StoredFile): File => ({
  id,
  name,
  size,
  type,
  kind,
  width,
  height,
  thumbhash,
  createdAt,
})

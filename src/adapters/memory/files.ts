import type { Files, SharedFile } from '../../application/ports/files.ts'
import { fileOfAvatar } from '../../domain/avatar.ts'
import type { StoredFile } from '../../domain/filing.ts'
import type { FileId, Instant, UserId } from '../../domain/ids.ts'
import { compareText, pageOf } from './page.ts'
import { chatOf, type MemoryStore } from './store.ts'

const LEASE_MS = 600_000

/** What the parts of the port share. */
function shared(store: MemoryStore) {
  const { files, uploads, blobs, looseSince } = store
  const all = () => [...files.values()]
  const byKey = (ownerId: UserId, key: string | undefined) =>
    key === undefined ? undefined : all().find((file) => file.ownerId === ownerId && file.clientFileId === key)
  const isPresent = (id: UserId) => store.people.get(id)?.deletion === undefined && store.people.has(id)
  const isUsed = (sha256: string) => all().some((file) => file.sha256 === sha256)

  function bytesOf(ownerId: UserId, except: FileId): number {
    const sizes = all()
      .filter((file) => file.ownerId === ownerId)
      .map(({ size }) => size)
    const open = [...uploads.values()].filter((one) => one.ownerId === ownerId && one.id !== except && !files.has(one.id))
    return [...sizes, ...open.map(({ length }) => length)].reduce((sum, size) => sum + size, 0)
  }

  function remove(file: StoredFile, at: Instant): void {
    files.delete(file.id)
    looseSince.delete(file.id)
    if (!isUsed(file.sha256)) blobs.set(file.sha256, { unusedSince: at })
  }

  const isAvatarOfOwner = ({ id, ownerId }: StoredFile) => fileOfAvatar(store.people.get(ownerId)?.user.avatarUrl) === id
  const chatsWith = ({ id }: StoredFile) => [...store.chats.values()].filter(({ state }) => state.chat?.avatar === id)
  /** Whether a message, a user or a chat has it. */
  const isNeeded = (file: StoredFile) => store.links.has(file.id) || isAvatarOfOwner(file) || chatsWith(file).length > 0

  return { isAvatarOfOwner, chatsWith, isNeeded, all, byKey, isPresent, isUsed, bytesOf, remove }
}

export function memoryFiles(store: MemoryStore): Files {
  const { files, blobs, links, looseSince } = store
  const { byKey, isPresent, bytesOf, remove, isNeeded, isAvatarOfOwner, chatsWith } = shared(store)
  const isReadable = (viewer: UserId) => (file: StoredFile) =>
    file.ownerId === viewer ||
    isAvatarOfOwner(file) ||
    chatsWith(file).some(({ state }) => state.members.get(viewer)) ||
    [...(links.get(file.id)?.values() ?? [])].some(({ chatId }) => chatOf(store, viewer, chatId))

  return {
    async claim({ sha256 }, at) {
      const blob = blobs.get(sha256)
      if (blob?.removingSince !== undefined && blob.removingSince > at - LEASE_MS) return false
      if (!blob || blob.unusedSince !== undefined || blob.removingSince !== undefined) blobs.set(sha256, { unusedSince: at })
      return true
    },
    async add(file, quota) {
      if (!isPresent(file.ownerId)) return 'no-owner'
      const earlier = files.get(file.id) ?? byKey(file.ownerId, file.clientFileId)
      if (earlier) return earlier
      if (bytesOf(file.ownerId, file.id) + file.size > quota) return 'quota-full'
      if (!blobs.has(file.sha256) || blobs.get(file.sha256)!.removingSince !== undefined) return 'unclaimed'
      blobs.set(file.sha256, {})
      files.set(file.id, file)
      looseSince.set(file.id, file.createdAt)
      return file
    },
    get: async (id) => files.get(id),
    byKey: async (ownerId, key) => byKey(ownerId, key),
    visible: async (viewer, ids) => [...new Set(ids)].flatMap((id) => files.get(id) ?? []).filter(isReadable(viewer)),
    async ofChat(chatId, { kind }, window) {
      const sent = store.chats.get(chatId)?.sent ?? []
      const shared = sent.flatMap((message) =>
        message.content.attachments.map(({ file }, place) => ({ message, place, file: files.get(file.id)! })),
      )
      const items = shared
        .filter(({ file }) => kind === undefined || file.kind === kind)
        .sort((a, b) => b.message.seq - a.message.seq || a.place - b.place)
      const position = (item: (typeof items)[number]) => ({ seq: item.message.seq, place: item.place })
      const page = pageOf(items, window, { position, compare: (a, b) => b.seq - a.seq || a.place - b.place })
      return { ...page, items: page.items.map(sharedOf) }
    },
    async remove(ownerId, id, at) {
      const file = files.get(id)
      if (file?.ownerId !== ownerId) return 'absent'
      if (isNeeded(file)) return 'in-use'
      remove(file, at)
      return 'removed'
    },
    ...uploading(store),
    ...collecting(store),
  }
}

function uploading(store: MemoryStore): Pick<Files, 'beginUpload' | 'upload' | 'advance' | 'endUpload' | 'forgetPieces' | 'expired'> {
  const { uploads } = store
  const { byKey, isPresent, bytesOf } = shared(store)
  return {
    async beginUpload(upload, quota) {
      const { ownerId, clientFileId } = upload
      if (!isPresent(ownerId)) return 'no-owner'
      const earlier =
        clientFileId !== undefined && [...uploads.values()].find((one) => one.ownerId === ownerId && one.clientFileId === clientFileId)
      if (earlier) return earlier
      const file = byKey(ownerId, clientFileId)
      if (file) return { ...upload, id: file.id, received: upload.length }
      if (bytesOf(ownerId, upload.id) + upload.length > quota) return 'quota-full'
      uploads.set(upload.id, upload)
      return upload
    },
    upload: async (id) => uploads.get(id),
    async advance(id, { offset, name, size }) {
      const upload = uploads.get(id)
      if (upload?.received !== offset) return false
      uploads.set(id, { ...upload, received: offset + size, pieces: [...upload.pieces, name] })
      return true
    },
    async endUpload(id) {
      uploads.delete(id)
    },
    async forgetPieces(id) {
      const upload = uploads.get(id)
      if (upload) uploads.set(id, { ...upload, pieces: [] })
    },
    expired: async (before, limit) => [...uploads.values()].filter(({ expiresAt }) => expiresAt <= before).slice(0, limit),
  }
}

function collecting(store: MemoryStore): Pick<Files, 'collect' | 'release' | 'released' | 'seize' | 'digests' | 'mend' | 'eraseOwner'> {
  const { uploads, blobs, looseSince } = store
  const { all, isUsed, remove, isNeeded } = shared(store)
  return {
    async collect(before, at, limit) {
      // Nobody tells when a picture of a user or a chat is another one.
      for (const file of all()) if (isNeeded(file)) looseSince.set(file.id, at)
      const loose = all().filter((file) => (looseSince.get(file.id) ?? before) < before && !isNeeded(file))
      for (const file of loose.slice(0, limit)) remove(file, at)
      return Math.min(loose.length, limit)
    },
    async release(before, at, limit) {
      const free = [...blobs].filter(([sha256, { unusedSince, removingSince }]) => {
        const isFree = removingSince === undefined ? (unusedSince ?? before) < before : removingSince < at - LEASE_MS
        return isFree && !isUsed(sha256)
      })
      for (const [sha256] of free.slice(0, limit)) blobs.set(sha256, { removingSince: at })
      return free.slice(0, limit).map(([sha256]) => sha256)
    },
    async released(sha256) {
      if (blobs.get(sha256)?.removingSince !== undefined) blobs.delete(sha256)
    },
    async seize(digests, at) {
      const strays = digests.filter((sha256) => !blobs.has(sha256))
      for (const sha256 of strays) blobs.set(sha256, { removingSince: at })
      return strays
    },
    digests: async (after, limit) =>
      [...new Set(all().map(({ sha256 }) => sha256))]
        .filter((sha256) => sha256 > after)
        .sort(compareText)
        .slice(0, limit),
    mend: async () => 0,
    async eraseOwner(ownerId, at) {
      const open = [...uploads.values()].filter((upload) => upload.ownerId === ownerId)
      for (const file of all()) if (file.ownerId === ownerId && !isNeeded(file)) remove(file, at)
      return open
    },
  }
}

type Item = {
  readonly message: { readonly id: SharedFile['messageId']; readonly seq: number; readonly sender: { readonly id: UserId } }
  readonly file: StoredFile
}
const sharedOf = ({ message, file }: Item): SharedFile => ({
  messageId: message.id,
  messageSeq: message.seq,
  senderId: message.sender.id,
  file,
})

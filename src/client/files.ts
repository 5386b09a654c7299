import { fileRoutes } from '../adapters/wire/routes/files.ts'
import type { File as WireFile, SharedFile as WireSharedFile } from '../adapters/wire/schemas/files.ts'
import { readPage } from './calls/pages.ts'
import { readFile } from './calls/read-wire.ts'
import { addresses } from './files/addresses.ts'
import { rawCalls } from './files/calls.ts'
import { indexedDbUploads, memoryUploads } from './files/records.ts'
import { type Shelf, shelf } from './files/shelf.ts'
import type { Files, FilesOptions, PersistUploads, SharedFile, UploadOptions } from './files/types.ts'
import { uploads } from './files/uploads.ts'
import type { File } from './types/content.ts'
import type { ChatClient, Inside } from './types.ts'

export { ATTACHMENTS_LIMIT } from '../domain/content.ts'
export { indexedDbUploads, memoryUploads, uploadsDatabase } from './files/records.ts'
export type * from './files/types.ts'

/**
 * Returns the uploads and files of a client's user, the same for the same client. Uploads that an earlier run has left go on while the client
 * runs; messages that wait for them are sent when they are done.
 *
 * @example
 * const files = filesOf(chat)
 * const key = files.upload(new Blob(['Hello']), { name: 'hello.txt' })
 * chat.chat(chatId).send('', { attachments: [files.attach(key)] })
 */
export function filesOf(client: ChatClient, options: FilesOptions = {}): Files {
  const known = made.get(client)
  if (known) return known
  const files = filesFor(client, options)
  made.set(client, files)
  return files
}

const made = new WeakMap<ChatClient, Files>()

function filesFor(client: ChatClient, { persist, storedBytes = 50_000_000 }: FilesOptions): Files {
  const { inside, call } = client
  const kept = shelf({ inside, persist: persist ?? defaultPersist(inside), storedBytes })
  const work = uploads({ client, shelf: kept, call: rawCalls(inside) })
  const places = addresses(client)
  follow(client, kept, work)
  client.on('connection', ({ status }) => {
    if (status !== 'online') return
    work.wake()
    places.wake()
  })

  return {
    uploads: kept.all,
    blob: kept.blob,
    address: places.address,
    renew: places.renew,
    upload(blob, given = {}) {
      const { key = inside.platform.newId(), name = nameOf(blob) } = given
      if (kept.record(key)) return key
      const looks = looksOf(blob, { ...given, key, name, at: inside.platform.now() })
      const record = { key, name, at: inside.platform.now(), looks, blob, uploadId: undefined, file: undefined }
      kept.add(record)
      void kept.keep(record).then(() => kept.record(key) === record && work.start(key))
      return key
    },
    attach(key, given = {}) {
      const known = kept.all.get().get(key)
      if (!known) throw new TypeError('windi-chat: there is no such upload')
      return { ...given, upload: key, fileId: known.status === 'done' ? known.file.id : undefined, file: known.file }
    },
    retry(key) {
      kept.set(key, { status: 'waiting', problem: undefined })
      work.start(key)
    },
    discard: (key) => work.end(key, false),
    async ofChat(chatId, { signal, ...query } = {}) {
      const page = await call<{ items: WireSharedFile[]; next: string | null }>(fileRoutes.listFiles, {
        params: { chat_id: chatId },
        query,
        signal,
      })
      return readPage(page, readSharedFile)
    },
    async setAvatar(chatId, fileId, { signal } = {}) {
      await call('renameChat', { params: { chat_id: chatId }, body: { avatar: fileId ?? null }, signal })
    },
    get: async (fileId, { signal } = {}) => readFile(await call<WireFile>(fileRoutes.getFile, { params: { file_id: fileId }, signal })),
  }
}

const readSharedFile = ({ message_id, message_seq, sender_id, file }: WireSharedFile): SharedFile => ({
  messageId: message_id,
  messageSeq: message_seq,
  senderId: sender_id,
  file: readFile(file),
})

/** Messages that wait for uploads have them carried out; when they are gone from the outbox, so are their uploads. */
function follow(client: ChatClient, kept: Shelf, work: ReturnType<typeof uploads>): void {
  const { outbox, inside, on } = client
  const sent = new Set<string>()
  let before = new Set<string>()

  function look(): void {
    const now = new Set<string>()
    for (const { state, attachments } of outbox.get())
      for (const { upload, file } of attachments) {
        if (upload === undefined) continue
        now.add(upload)
        if (state === 'queued' && file.id === upload) work.start(upload)
      }
    for (const key of before) {
      if (now.has(key)) continue
      const id = kept.record(key)?.file?.id
      work.end(key, id !== undefined && sent.has(id))
    }
    before = now
    sent.clear()
  }

  on('sent', ({ message }) => {
    for (const { file } of message.attachments) sent.add(file.id)
  })
  const unsubscribe = outbox.subscribe(look)
  inside.over.signal.addEventListener('abort', unsubscribe)
  void kept.load().then((keys) => {
    for (const key of keys) if (kept.all.get().get(key)?.status === 'waiting') work.start(key)
    look()
  })
}

const nameOf = (blob: Blob): string => ('name' in blob && typeof blob.name === 'string' && blob.name !== '' ? blob.name : 'file')

/** A file as it is shown before the service has it. */
function looksOf(blob: Blob, given: UploadOptions & { readonly key: string; readonly name: string; readonly at: number }): File {
  const { key, name, at, width, height, thumbhash, type = blob.type || 'application/octet-stream', kind = kindOf(type) } = given
  return { id: key, name, size: blob.size, type, kind, width, height, thumbhash, createdAt: at }
}

function kindOf(type: string): File['kind'] {
  const [first] = type.split('/')
  return first === 'image' || first === 'video' || first === 'audio' ? first : 'file'
}

const defaultPersist = ({ url }: Inside): PersistUploads =>
  typeof indexedDB === 'undefined' ? memoryUploads() : indexedDbUploads(url === '' ? globalThis.location.origin : url)

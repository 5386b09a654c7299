import { cell } from '../platform/store.ts'
import type { File } from '../types/content.ts'
import type { Inside } from '../types.ts'
import { memoryUploads } from './records.ts'
import type { PersistUploads, Upload, UploadRecord, UploadStore } from './types.ts'

interface Needs {
  readonly inside: Inside
  readonly persist: PersistUploads
  readonly storedBytes: number
}

/** Uploads of this run whose bytes are kept to be shown, at most. */
const SHOWN = 50
/** Nothing waits longer in the outbox. */
const LASTS_MS = 8 * 86_400_000

/** What is known of uploads: their states, their bytes, and what is stored of both. */
export function shelf({ inside, persist, storedBytes }: Needs) {
  const all = cell<ReadonlyMap<string, Upload>>(new Map())
  const records = new Map<string, UploadRecord>()
  const shown = new Map<string, Blob>()
  const report = (error: unknown) => inside.emit('error', { error, during: 'storing an upload' })
  const store = inside.ready.then(() => opened(inside.me(), persist, report))
  const show = (id: string, blob: Blob) => putBounded(shown, id, blob)

  async function keep(record: UploadRecord): Promise<void> {
    records.set(record.key, record)
    const isStored = (record.blob?.size ?? 0) <= storedBytes
    await store.then((opened) => opened.put(isStored ? record : { ...record, blob: undefined })).catch(report)
  }

  function set(key: string, change: Partial<Upload>): void {
    const before = all.get().get(key)
    if (before) all.set(new Map(all.get()).set(key, { ...before, ...change }))
  }

  function add(record: UploadRecord): void {
    const { key, blob } = record
    records.set(key, record)
    if (blob) show(key, blob)
    all.set(new Map(all.get()).set(key, uploadOf(record)))
  }

  return {
    all,
    set,
    add,
    keep,
    record: (key: string) => records.get(key),
    blob: (id: string) => shown.get(id),
    /** The upload has made its file. Its bytes need not be stored any more. */
    async done(record: UploadRecord, file: File): Promise<void> {
      if (record.blob) show(file.id, record.blob)
      set(record.key, { status: 'done', sent: record.looks.size, file, problem: undefined })
      await keep({ ...record, file, blob: undefined })
    },
    /** What this tab, or another one, knows of an upload. */
    async find(key: string): Promise<UploadRecord | undefined> {
      const stored = await store.then((opened) => opened.get(key)).catch(report)
      const known = records.get(key)
      return stored?.file || !known ? (stored ?? undefined) : known
    },
    /** Forgets what has expired, and returns the keys of the rest. */
    async load(): Promise<readonly string[]> {
      const keys: string[] = []
      for (const record of (await store.then((opened) => opened.load()).catch(report)) ?? []) {
        if (record.at < inside.platform.now() - LASTS_MS) drop(record.key)
        else if (!records.has(record.key)) {
          add(record)
          keys.push(record.key)
        }
      }
      return keys
    },
    drop,
  }

  function drop(key: string): void {
    records.delete(key)
    if (all.get().has(key)) {
      const rest = new Map(all.get())
      rest.delete(key)
      all.set(rest)
    }
    store.then((opened) => opened.remove(key)).catch(report)
  }
}

const uploadOf = ({ key, name, looks, file }: UploadRecord): Upload => ({
  key,
  name,
  size: looks.size,
  status: file ? 'done' : 'waiting',
  sent: file ? looks.size : 0,
  file: file ?? looks,
  problem: undefined,
})

/** Memory in place of a store that cannot be opened. */
async function opened(userId: string, persist: PersistUploads, report: (error: unknown) => void): Promise<UploadStore> {
  try {
    return await persist(userId)
  } catch (error) {
    report(error)
    return await memoryUploads()(userId)
  }
}

function putBounded(shown: Map<string, Blob>, id: string, blob: Blob): void {
  shown.set(id, blob)
  for (const [oldest] of shown) {
    if (shown.size <= SHOWN) break
    shown.delete(oldest)
  }
}

export type Shelf = ReturnType<typeof shelf>

import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blobs, Variant } from '../../application/ports/blobs.ts'
import type { Bytes } from '../../application/ports/intake.ts'

export interface DiskOptions {
  /** Made if it does not exist. */
  readonly folder: string
  readonly newId: () => string
}

const PIECES = 'incoming'
const DIGEST = /^[0-9a-f]{64}$/
const PER_LIST = 1_000
const READ_AT_ONCE = 262_144

const suffixes = { thumb: '.thumb.webp', preview: '.preview.webp' } as const satisfies Record<Variant, string>

/** Bytes in a folder, `ab/<sha256>`; processes that share the store share the folder. */
export function diskBlobs({ folder, newId }: DiskOptions): Blobs {
  const placeOf = (sha256: string, variant?: Variant) => join(folder, sha256.slice(0, 2), sha256 + (variant ? suffixes[variant] : ''))
  const pieceAt = (name: string) => join(folder, PIECES, name)

  /** Written beside, then renamed: a name stands for all of its bytes, whatever fails in between. */
  async function write(place: string, fill: (draft: string) => Promise<void>): Promise<void> {
    const within = dirname(place)
    await mkdir(within, { recursive: true, mode: 0o700 })
    const draft = `${place}.${newId()}.tmp`
    try {
      await fill(draft)
      await flushed(draft)
      await rename(draft, place)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    await flushed(within)
  }

  return {
    async keep({ sha256, path }) {
      if (!(await sizeOf(placeOf(sha256)))) await write(placeOf(sha256), (draft) => linked(path, draft))
    },
    keepVariant: (sha256, variant, bytes) =>
      write(placeOf(sha256, variant), (draft) => writeFile(draft, bytes, { mode: 0o600, flag: 'wx' })),
    async remove(sha256) {
      for (const variant of ['thumb', 'preview', undefined] as const) await rm(placeOf(sha256, variant), { force: true })
    },
    open: (sha256, { variant, range } = {}) => opened(placeOf(sha256, variant), range && { start: range.first, end: range.last }),
    async list(after = '') {
      const found: string[] = []
      for (const prefix of (await namesIn(folder)).filter((name) => name.length === 2 && name >= after.slice(0, 2))) {
        found.push(...(await namesIn(join(folder, prefix))).filter((name) => DIGEST.test(name) && name > after))
        if (found.length >= PER_LIST) break
      }
      return found.slice(0, PER_LIST)
    },
    keepPiece: (name, { path }) => write(pieceAt(name), (draft) => linked(path, draft)),
    async *pieces(names) {
      for (const name of names) yield* createReadStream(pieceAt(name), { highWaterMark: READ_AT_ONCE })
    },
    async dropPieces(names) {
      for (const name of names) await rm(pieceAt(name), { force: true })
    },
    listPieces: async (after = '') =>
      (await namesIn(join(folder, PIECES))).filter((name) => name > after && !name.endsWith('.tmp')).slice(0, PER_LIST),
  }
}

/** A second name for the same bytes, or a copy where the file systems differ. */
const linked = (path: string, draft: string): Promise<void> => link(path, draft).catch(() => copyFile(path, draft))

async function flushed(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const sizeOf = async (path: string): Promise<{ readonly size: number } | undefined> => unlessAbsent(stat(path))

/** The file is opened before this resolves, so that a reader keeps what is removed meanwhile. */
async function opened(path: string, range: { readonly start: number; readonly end: number } | undefined): Promise<Bytes | undefined> {
  const handle = await unlessAbsent(open(path))
  return handle?.createReadStream({ ...range, highWaterMark: READ_AT_ONCE })
}

const namesIn = async (folder: string): Promise<readonly string[]> => ((await unlessAbsent(readdir(folder))) ?? []).sort()

async function unlessAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gate } from '../../application/gate.ts'
import type { Bytes, Received } from '../../application/ports/intake.ts'
import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

export interface TemporaryOptions {
  /** Made if it does not exist. Several processes may share it. */
  readonly folder: string
  readonly newId: () => string
  readonly clock: () => Instant
  /** Milliseconds that only go up. */
  readonly stopwatch: () => Duration
}

/** No upload takes so long: what is older was left by a process that was killed. */
const LEFT_BEHIND_MS = 86_400_000

/** A folder of temporary files. Deletes, at the beginning, what killed processes have left there. */
export async function temporaryFiles({ folder, newId, clock, stopwatch }: TemporaryOptions) {
  await sweep(folder, clock() - LEFT_BEHIND_MS)
  const inTurn = gate({ places: 1 })
  const rest = resting()
  const paced = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      const began = stopwatch()
      try {
        return await work()
      } finally {
        await rest(stopwatch() - began)
      }
    })

  async function write(
    bytes: Bytes,
    { limit, keepsPart = false }: { readonly limit: number; readonly keepsPart?: boolean },
  ): Promise<Received> {
    const path = join(folder, newId())
    const handle = await paced(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return open(path, 'wx', 0o600)
    })
    const hash = createHash('sha256')
    let size = 0
    try {
      try {
        for await (const piece of gathered(bytes)) {
          if (size + piece.length > limit) throw new Refusal('too-large', { limit })
          await paced(async () => {
            await writeAll(handle, piece)
            for (const chunk of piece.chunks) hash.update(chunk)
          })
          size += piece.length
        }
      } catch (error) {
        if (!keepsPart || error instanceof Refusal) throw error
      }
    } catch (error) {
      await handle.close()
      await unlink(path)
      throw error
    }
    await handle.close()
    return { path, size, sha256: hash.digest('hex') }
  }

  return { write, drop: ({ path }: Received) => rm(path, { force: true }) }
}

/** What a slow client sends in small chunks costs one write for many. Each upload under way holds so many bytes, and one chunk more. */
const WRITTEN_AT_ONCE = 65_536

/** Chunks that are written at once. */
interface Piece {
  readonly chunks: readonly Uint8Array[]
  readonly length: number
}

/** The same bytes in pieces; also those that come before the source fails. */
async function* gathered(bytes: Bytes): AsyncGenerator<Piece> {
  let chunks: Uint8Array[] = []
  let length = 0
  let failure: { readonly error: unknown } | undefined
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk)
      length += chunk.length
      if (length < WRITTEN_AT_ONCE) continue
      yield { chunks, length }
      chunks = []
      length = 0
    }
  } catch (error) {
    failure = { error }
  }
  if (length > 0) yield { chunks, length }
  if (failure) throw failure.error
}

/** Writes chunks behind each other. A disk that is full takes a part of them before it refuses. */
async function writeAll(handle: FileHandle, { chunks, length }: Piece): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks)
  if (bytesWritten < length) await handle.writeFile(Buffer.concat(chunks).subarray(bytesWritten))
}

/** So much work is done before a rest, and a rest is so many times as long: two thirds of the time are for those who chat. */
const WORK_MS = 1
const REST = 2

/**
 * Returns a function that is told how long something took, and waits when it is time to rest. One upload after another is begun, or has a piece written,
 * in the whole process, and while an upload waits nothing of it is read: so uploads, however many, leave room to everybody else.
 */
function resting(): (workedMs: Duration) => Promise<void> {
  let owedMs = 0
  return async (workedMs) => {
    owedMs += workedMs
    if (owedMs < WORK_MS) return
    const restMs = REST * owedMs
    owedMs = 0
    await pause(restMs)
  }
}

async function sweep(folder: string, before: Instant): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && found.mtimeMs < before) await rm(path, { force: true })
  }
}

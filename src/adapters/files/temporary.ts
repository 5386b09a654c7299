import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes, Received } from '../../application/ports/intake.ts'
import type { Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

export interface TemporaryOptions {
  /** Made if it does not exist. Several processes may share it. */
  readonly folder: string
  readonly newId: () => string
  readonly clock: () => Instant
}

/** No upload takes so long: what is older was left by a process that was killed. */
const LEFT_BEHIND_MS = 86_400_000

/** A folder of temporary files. Deletes, at the beginning, what killed processes have left there. */
export async function temporaryFiles({ folder, newId, clock }: TemporaryOptions) {
  await sweep(folder, clock() - LEFT_BEHIND_MS)

  async function write(
    bytes: Bytes,
    { limit, keepsPart = false }: { readonly limit: number; readonly keepsPart?: boolean },
  ): Promise<Received> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, newId())
    const handle = await open(path, 'wx', 0o600)
    const hash = createHash('sha256')
    let size = 0
    try {
      try {
        for await (const chunk of gathered(bytes)) {
          if (size + chunk.length > limit) throw new Refusal('too-large', { limit })
          await handle.writeFile(chunk)
          hash.update(chunk)
          size += chunk.length
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

const WRITTEN_AT_ONCE = 262_144

/** The same bytes in fewer, larger chunks; also those that come before the source fails. */
async function* gathered(bytes: Bytes): Bytes & AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = []
  let size = 0
  let failure: { readonly error: unknown } | undefined
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk)
      size += chunk.length
      if (size < WRITTEN_AT_ONCE) continue
      yield Buffer.concat(chunks)
      chunks = []
      size = 0
    }
  } catch (error) {
    failure = { error }
  }
  if (size > 0) yield Buffer.concat(chunks)
  if (failure) throw failure.error
}

async function sweep(folder: string, before: Instant): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && found.mtimeMs < before) await rm(path, { force: true })
  }
}

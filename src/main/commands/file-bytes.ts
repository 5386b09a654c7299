import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskBlobs } from '../../adapters/files/disk.ts'
import { fileIntake } from '../../adapters/files/intake.ts'
import type { Database } from '../../adapters/mikro-orm/database/connect.ts'
import { mikroOrmFiles } from '../../adapters/mikro-orm/files/files.ts'
import { stopwatch, systemClock } from '../../adapters/system/clock.ts'
import { newId } from '../../adapters/system/random.ts'
import type { Blobs, Variant } from '../../application/ports/blobs.ts'
import { complaint } from '../complaint.ts'
import type { Config } from '../config.ts'
import { blobsAt, placeOf } from '../storage.ts'

const AT_ONCE = 1_000

/** The place of the bytes that the settings name. */
export function configuredBlobs(config: Config): Blobs {
  const place = placeOf(config)
  if (place.kind === 'off') throw complaint('Files are switched off: set FILES')
  return blobsAt(place, config)
}

/** Bytes in a folder of their own, in the form in which `FILES=file:…` has them. */
export const folderBlobs = (folder: string): Blobs => diskBlobs({ folder, newId })

/** The digests of all bytes that files of this database have. */
export async function* digestsOf(connection: Database): AsyncGenerator<string> {
  const files = mikroOrmFiles(connection)
  for (let page = await files.digests('', AT_ONCE); page.length > 0; page = await files.digests(page.at(-1)!, AT_ONCE)) yield* page
}

interface Copying {
  readonly from: Blobs
  readonly to: Blobs
  readonly digests: AsyncIterable<string>
  /** For what is under way. */
  readonly folder: string
}

/** Copies bytes and their previews, checks every digest, and returns how many there were and which were missing. */
export async function copyBytes({
  from,
  to,
  digests,
  folder,
}: Copying): Promise<{ readonly copied: number; readonly missing: readonly string[] }> {
  const under = join(folder, 'tmp')
  const intake = await fileIntake({ folder: under, newId, clock: systemClock, stopwatch })
  const missing: string[] = []
  let copied = 0
  for await (const sha256 of digests) {
    const bytes = await from.open(sha256)
    const received = bytes && (await intake.receive(bytes, { limit: Number.MAX_SAFE_INTEGER }))
    if (received?.sha256 === sha256) {
      await to.keep(received)
      for (const variant of ['thumb', 'preview'] as const) await copyVariant({ from, to }, sha256, variant)
      copied++
    } else missing.push(sha256)
    if (received) await intake.drop(received)
  }
  await rm(under, { recursive: true, force: true })
  return { copied, missing }
}

async function copyVariant({ from, to }: Pick<Copying, 'from' | 'to'>, sha256: string, variant: Variant): Promise<void> {
  const bytes = await from.open(sha256, { variant })
  if (!bytes) return
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  await to.keepVariant(sha256, variant, Buffer.concat(chunks))
}

/** What is missing at the place of the bytes, and what is there besides. */
export async function compareBytes(
  connection: Database,
  blobs: Blobs,
): Promise<{ readonly missing: number; readonly all: number; readonly others: number }> {
  const stored = new Set<string>()
  for (let page = await blobs.list(); page.length > 0; page = await blobs.list(page.at(-1))) for (const sha256 of page) stored.add(sha256)
  let [all, missing] = [0, 0]
  for await (const sha256 of digestsOf(connection)) {
    all++
    if (!stored.has(sha256)) missing++
  }
  return { all, missing, others: stored.size - (all - missing) }
}

export const saidMissing = (missing: readonly string[]): string =>
  missing.length === 0 ? '' : ` The bytes of ${missing.length} files are missing.`

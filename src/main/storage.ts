import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { addressSignatures } from '../adapters/auth/address-signatures.ts'
import { clamdScan } from '../adapters/files/clamd.ts'
import { diskBlobs } from '../adapters/files/disk.ts'
import { fileIntake } from '../adapters/files/intake.ts'
import { memoryBlobs } from '../adapters/files/memory.ts'
import { sharpPictures } from '../adapters/files/pictures.ts'
import { s3Blobs } from '../adapters/files/s3.ts'
import { databaseFile } from '../adapters/mikro-orm/database/connect.ts'
import { stopwatch, systemClock } from '../adapters/system/clock.ts'
import { newId } from '../adapters/system/random.ts'
import type { Blobs } from '../application/ports/blobs.ts'
import type { Storage } from '../application/ports/storage.ts'
import { complaint } from './complaint.ts'
import type { Config } from './config.ts'
import type { FileConfig, FilePlace } from './settings/files.ts'

type FilesConfig = Pick<Config, keyof FileConfig | 'databaseUrl'>

interface StorageNeeds {
  readonly config: FilesConfig
  readonly secrets: readonly string[]
  readonly warn: (message: string) => void
}

/** Where files are kept if the settings do not say: beside the data. */
export function placeOf({ files, databaseUrl }: Pick<Config, 'files' | 'databaseUrl'>): FilePlace {
  if (files) return files
  if (/^(sqlite::)?memory:$/.test(databaseUrl)) return { kind: 'memory' }
  return { kind: 'folder', folder: join(dirname(databaseFile(databaseUrl) ?? 'data/windi-chat.db'), 'files') }
}

/** Opens what files need; undefined where they are switched off. */
export async function openStorage({ config, secrets, warn }: StorageNeeds): Promise<Storage | undefined> {
  const place = placeOf(config)
  if (place.kind === 'off') return undefined
  const { fileLimit, fileQuota, fileRedirect, fileScan } = config
  const folder = place.kind === 'folder' ? join(place.folder, 'tmp') : join(tmpdir(), 'windi-chat-files')
  return {
    blobs: blobsAt(place, config),
    intake: await fileIntake({ folder, newId, clock: systemClock, stopwatch }),
    pictures: await sharpPictures(),
    scan: fileScan && clamdScan({ ...fileScan, warn }),
    fileLimit,
    quota: fileQuota,
    redirects: fileRedirect,
    signatures: addressSignatures(secrets),
  }
}

/** Opens the place of the bytes. */
export function blobsAt(place: FilePlace, { s3Key, s3Secret, s3Region }: Pick<Config, 's3Key' | 's3Secret' | 's3Region'>): Blobs {
  if (place.kind === 'folder') return diskBlobs({ folder: place.folder, newId })
  if (place.kind !== 's3') return memoryBlobs()
  if (s3Key === undefined || s3Secret === undefined) throw complaint('Files in S3 (FILES) need S3_KEY and S3_SECRET.')
  return s3Blobs({ bucket: place.bucket, key: s3Key, secret: s3Secret, region: s3Region })
}

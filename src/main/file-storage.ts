import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../application/ports/storage.ts'
import { FILE_LIMIT } from '../domain/filing.ts'
import { fileSettings } from './settings/files.ts'
import { openStorage } from './storage.ts'

export interface FileStorageOptions {
  /** As the setting `FILES`: `file:FOLDER`, `s3:https://HOST/BUCKET`, or `memory:`. Processes on one database share one place. */
  readonly place: string
  /** Signs the addresses of files: at least 32 characters, the same for all processes. */
  readonly secret: string
  /** Bytes of one file, at most. Default: 104,857,600. */
  readonly limit?: number
  /** Bytes of all files of one user, at most. Default: 2,147,483,648. */
  readonly quota?: number
  /** Whether readers are sent to the bucket itself. Default: false. */
  readonly redirect?: boolean
  /** As the setting `FILE_SCAN`: `clamd:HOST:PORT`. */
  readonly scan?: string
  /** For a bucket. */
  readonly s3?: { readonly key: string; readonly secret: string; readonly region?: string }
  /** Hears of a scanner that cannot be reached. */
  readonly warn?: (message: string) => void
}

const LEAST_SECRET = 32
const QUOTA = 2_147_483_648

/**
 * Opens the place of the bytes of files, for `embed(store, { storage })`. Previews are made where `sharp` is installed. Throws a `TypeError` for
 * options that cannot be right.
 *
 * @example
 * const storage = await fileStorage({ place: 'file:data/files', secret: process.env.FILE_SECRET! })
 * const chat = embed(await database('sqlite:chat.db'), { storage })
 */
export async function fileStorage(options: FileStorageOptions): Promise<Storage> {
  const { place, secret, limit = FILE_LIMIT, quota = QUOTA, redirect = false, scan, s3, warn = () => {} } = options
  if (secret.length < LEAST_SECRET) throw new TypeError(`\`secret\` needs at least ${LEAST_SECRET} characters`)
  const config = {
    files: parsed('place', place),
    fileLimit: limit,
    fileQuota: quota,
    fileRedirect: redirect,
    fileScan: scan === undefined ? undefined : parsed('scan', scan),
    s3Key: s3?.key,
    s3Secret: s3?.secret,
    s3Region: s3?.region ?? fileSettings.s3Region.fallback,
    // Where the settings do not say; here they do.
    databaseUrl: `sqlite:${join(tmpdir(), 'windi-chat.db')}`,
  }
  const storage = await openStorage({ config, secrets: [secret], warn })
  if (!storage) throw new TypeError('`place` is where files are kept: leave `storage` out to have none')
  return storage
}

const schemas = { place: fileSettings.files.schema, scan: fileSettings.fileScan.schema }

function parsed<N extends keyof typeof schemas>(name: N, text: string) {
  const { success, data, error } = schemas[name].safeParse(text)
  if (!success) throw new TypeError(`\`${name}\` ${error.issues[0]!.message}`)
  return data as ReturnType<(typeof schemas)[N]['parse']>
}

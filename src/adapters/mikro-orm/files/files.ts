import type { Files } from '../../../application/ports/files.ts'
import type { StoredFile } from '../../../domain/filing.ts'
import type { FileId } from '../../../domain/ids.ts'
import type { Database } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { type Steps, transactionOn } from '../database/transaction.ts'
import { collecting, isNeeded, LEASE_MS } from './collecting.ts'
import { listing } from './listing.ts'
import { FILE, FILES, fileCells, fileOf } from './rows.ts'
import { bytesOf, inserting, leave, lockOwner } from './steps.ts'
import { uploading } from './uploading.ts'

export function mikroOrmFiles(database: Database): Files {
  const query = queryOn(database)
  const transaction = transactionOn(database)
  const one = async (where: string, ...values: readonly string[]) => {
    const [row] = await query(`select ${FILE} from ${FILES} where ${where}`, values)
    return row && fileOf(row)
  }

  function* addition(file: StoredFile, quota: number): Steps<Awaited<ReturnType<Files['add']>> | FileId> {
    if (!(yield* lockOwner(query, file.ownerId))) return 'no-owner'
    const [earlier] = yield [
      'select id from {files} where id = $1 or (owner_id = $2 and client_file_id = $3)',
      [file.id, file.ownerId, file.clientFileId ?? null],
    ]
    if (earlier) return earlier.id as FileId
    if ((yield* bytesOf(file.ownerId, file.id)) + file.size > quota) return 'quota-full'
    const claimed = yield [
      'update {blobs} set unused_since = null, has_previews = $2 where sha256 = $1 and (unused_since is null or unused_since >= 0) returning sha256',
      [file.sha256, Number(file.hasPreviews)],
    ]
    if (claimed.length === 0) return 'unclaimed'
    yield inserting('files', fileCells(file))
    return file
  }

  function* removal(ownerId: string, id: string, at: number): Steps<'removed' | 'in-use' | 'absent'> {
    const [file] = yield [
      `select sha256 from {files} where id = $1 and owner_id = $2${query.isPostgres ? ' for update' : ''}`,
      [id, ownerId],
    ]
    if (!file) return 'absent'
    const links = yield [`select 1 as one from {files} f where f.id = $1 and ${isNeeded('f')}`, [id]]
    if (links.length > 0) return 'in-use'
    yield ['delete from {files} where id = $1 returning id', [id]]
    yield* leave(query, [file.sha256 as string], at)
    return 'removed'
  }

  return {
    async claim({ sha256, size }, at) {
      const rows = await query(
        `insert into {blobs} (sha256, size, has_previews, unused_since) values ($1, $2, $5, $3) on conflict (sha256) do update
          set unused_since = case when {blobs}.unused_since is null then null else excluded.unused_since end
          where {blobs}.unused_since is null or {blobs}.unused_since >= 0 or -{blobs}.unused_since < $4 returning sha256`,
        [sha256, size, at, at - LEASE_MS, 0],
      )
      return rows.length > 0
    },
    async add(file, quota) {
      const added = await transaction(() => addition(file, quota))
      if (typeof added !== 'string' || !isUuid(added)) return added as Exclude<typeof added, FileId>
      return (await one('f.id = $1', added)) ?? 'unclaimed'
    },
    get: async (id) => (isUuid(id) ? one('f.id = $1', id) : undefined),
    byKey: (ownerId, clientFileId) => one('f.owner_id = $1 and f.client_file_id = $2', ownerId, clientFileId),
    remove: async (ownerId, id, at) => (isUuid(id) ? transaction(() => removal(ownerId, id, at)) : 'absent'),
    ...listing(database),
    ...uploading(database),
    ...collecting(database),
  }
}

import type { Files } from '../../../application/ports/files.ts'
import type { Upload } from '../../../domain/filing.ts'
import type { Database } from '../database/connect.ts'
import { queryOn, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { type Steps, transactionOn } from '../database/transaction.ts'
import { uploadCells, uploadOf } from './rows.ts'
import { bytesOf, inserting, lockOwner } from './steps.ts'

type Uploading = Pick<Files, 'beginUpload' | 'upload' | 'advance' | 'endUpload' | 'forgetPieces' | 'expired'>

export function uploading(database: Database): Uploading {
  const query = queryOn(database)
  const transaction = transactionOn(database)

  function* beginning(upload: Upload, quota: number): Steps<Upload | 'quota-full' | 'no-owner'> {
    const { ownerId, clientFileId } = upload
    if (!(yield* lockOwner(query, ownerId))) return 'no-owner'
    if (clientFileId !== undefined) {
      const key = [ownerId, clientFileId]
      const [earlier] = yield ['select * from {uploads} where owner_id = $1 and client_file_id = $2', key]
      if (earlier) return uploadOf(earlier)
      const [file] = yield ['select id from {files} where owner_id = $1 and client_file_id = $2', key]
      if (file) return { ...upload, id: file.id as Upload['id'], received: upload.length }
    }
    if ((yield* bytesOf(ownerId, upload.id)) + upload.length > quota) return 'quota-full'
    yield inserting('uploads', uploadCells(upload))
    return upload
  }

  return {
    beginUpload: (upload, quota) => transaction(() => beginning(upload, quota)),
    async upload(id) {
      const [row] = isUuid(id) ? await query('select * from {uploads} where id = $1', [id]) : []
      return row && uploadOf(row)
    },
    async advance(id, { offset, name, size }) {
      const text = `update {uploads} set received = $3, pieces = pieces || $4 where id = $1 and received = $2`
      return (await query.change(text, [id, offset, offset + size, `${name} `])) > 0
    },
    async endUpload(id) {
      await query.change('delete from {uploads} where id = $1', [id])
    },
    async forgetPieces(id) {
      await query.change(`update {uploads} set pieces = '' where id = $1`, [id])
    },
    async expired(before, limit) {
      return (await query('select * from {uploads} where expires_at <= $1 order by expires_at limit $2', [time(before), limit])).map(
        uploadOf,
      )
    },
  }
}

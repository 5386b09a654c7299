import type { StoredFile, Upload } from '../../../domain/filing.ts'
import type { RowOf } from '../database/columns.ts'
import { columnsOf, listed } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'

/** A file `f` with its bytes `b`. */
export const FILE = `${listed(columnsOf.files, 'f')}, b.has_previews`
export const FILES = '{files} f join {blobs} b on b.sha256 = f.sha256'

/** The file is the picture of its owner `u`. */
export const IS_AVATAR = (f: string): string => `u.avatar_url = 'file:' || cast(${f}.id as text)`

const orUndefined = <T>(value: unknown): T | undefined => (value ?? undefined) as T | undefined

export const fileOf = (row: Row): StoredFile => ({
  id: row.id as StoredFile['id'],
  ownerId: row.owner_id as StoredFile['ownerId'],
  sha256: row.sha256 as string,
  sentSha256: row.sent_sha256 as string,
  name: row.name as string,
  size: row.size as number,
  type: row.type as string,
  kind: row.kind as StoredFile['kind'],
  width: orUndefined(row.width),
  height: orUndefined(row.height),
  thumbhash: orUndefined(row.thumbhash),
  clientFileId: orUndefined(row.client_file_id),
  createdAt: row.created_at as number,
  hasPreviews: Boolean(row.has_previews),
})

/** A file that no message has. */
export const fileCells = (file: StoredFile): RowOf<'files'> => ({
  id: file.id,
  owner_id: file.ownerId,
  sha256: file.sha256,
  sent_sha256: file.sentSha256,
  name: file.name,
  size: file.size,
  type: file.type,
  kind: file.kind,
  width: file.width ?? null,
  height: file.height ?? null,
  thumbhash: file.thumbhash ?? null,
  client_file_id: file.clientFileId ?? null,
  created_at: file.createdAt,
  loose_since: file.createdAt,
})

export const uploadOf = (row: Row): Upload => ({
  id: row.id as Upload['id'],
  ownerId: row.owner_id as Upload['ownerId'],
  name: row.name as string,
  clientFileId: orUndefined(row.client_file_id),
  length: row.length as number,
  received: row.received as number,
  pieces: (row.pieces as string).split(' ').filter(Boolean),
  expiresAt: row.expires_at as number,
})

export const uploadCells = (upload: Upload): RowOf<'uploads'> => ({
  id: upload.id,
  owner_id: upload.ownerId,
  name: upload.name,
  client_file_id: upload.clientFileId ?? null,
  length: upload.length,
  received: upload.received,
  pieces: upload.pieces.join(' '),
  expires_at: upload.expiresAt,
})

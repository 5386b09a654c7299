import { z } from 'zod'
import { limits } from '../limits.ts'
import { asFileId, between, listed, noted, page, plain, Seq, Time, Uuid, whole } from './common.ts'

const kind = z.enum(['image', 'video', 'audio', 'file'])

/** A file never changes. */
export const File = z.object({
  id: Uuid,
  name: noted(z.string(), 'The last part of a path, 1 to 255 characters.', 'harbour.jpg'),
  size: noted(z.int().min(0), 'In bytes.'),
  type: noted(z.string(), 'The media type found in the bytes, else `application/octet-stream`.', 'image/jpeg'),
  kind: noted(kind, 'How to show it. Clients may show every kind as `file`.'),
  width: noted(z.int().min(1).nullable(), 'Pixels as shown, for pictures and videos if known.'),
  height: z.int().min(1).nullable(),
  thumbhash: noted(z.string().nullable(), 'A tiny picture to show until the file is loaded, in Base64 (evanw/thumbhash).'),
  created_at: Time,
})
export type File = z.infer<typeof File>

export const UploadQuery = z.strictObject({
  name: noted(plain().optional(), 'The name of the file. A form may give it with the file instead.', 'harbour.jpg'),
  client_file_id: noted(between(1, limits.key_length).optional(), 'The idempotency key: made by the client before the first attempt.'),
})

export const FileIds = z.strictObject({
  file_ids: z.array(asFileId).max(limits.ids_per_call),
})

const url = noted(z.string(), 'Needs no token: all who have it may read this file until `expires_at`.')
export const FileUrl = z.object({
  file_id: Uuid,
  url,
  preview_url: noted(z.string().nullable(), 'At most 1,280 pixels wide and high; null without previews.'),
  thumb_url: noted(z.string().nullable(), 'At most 320 pixels wide and high; null without previews.'),
  expires_at: noted(Time, 'Between 10 and 20 minutes from now.'),
})
export type FileUrl = z.infer<typeof FileUrl>
export const FileUrls = z.object({ items: z.array(FileUrl) })

export const ContentQuery = z.strictObject({
  v: noted(z.enum(['preview', 'thumb']).optional(), 'A smaller picture of the picture.'),
  e: noted(whole(0).optional(), 'As in the address that the server made.'),
  s: noted(z.string().max(64).optional(), 'As in the address that the server made.'),
})

export const FilesQuery = z.strictObject({ kind: kind.optional(), ...listed })

export const SharedFile = z.object({ message_id: Uuid, message_seq: Seq, sender_id: Uuid, file: File })
export type SharedFile = z.infer<typeof SharedFile>
export const SharedFilePage = page(SharedFile)

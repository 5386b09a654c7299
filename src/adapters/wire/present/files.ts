import type { FileAddress, FileUrls } from '../../../application/file-api.ts'
import type { SharedFile as DomainSharedFile } from '../../../application/ports/files.ts'
import type { File as DomainFile } from '../../../domain/file.ts'
import { BASE_PATH } from '../routes.ts'
import type { File, FileUrl, SharedFile } from '../schemas/files.ts'
import { presentTime } from './time.ts'

export const presentFile = (file: DomainFile): File => ({
  id: file.id,
  name: file.name,
  size: file.size,
  type: file.type,
  kind: file.kind,
  width: file.width ?? null,
  height: file.height ?? null,
  thumbhash: file.thumbhash ?? null,
  created_at: presentTime(file.createdAt),
})

export const presentSharedFile = ({ messageId, messageSeq, senderId, file }: DomainSharedFile): SharedFile => ({
  message_id: messageId,
  message_seq: messageSeq,
  sender_id: senderId,
  file: presentFile(file),
})

/** `base` is where clients reach the server, empty for its own absolute paths. */
export const presentFileUrls = ({ fileId, content, preview, thumb }: FileUrls, base: string): FileUrl => ({
  file_id: fileId,
  url: urlOf(content, base),
  preview_url: preview ? urlOf(preview, base) : null,
  thumb_url: thumb ? urlOf(thumb, base) : null,
  expires_at: presentTime(content.expiresAt),
})

function urlOf({ fileId, variant, expiresAt, signature }: FileAddress, base: string): string {
  const query = new URLSearchParams({ ...(variant && { v: variant }), e: String(expiresAt), s: signature })
  return `${base}${BASE_PATH}/files/${fileId}/content?${query}`
}

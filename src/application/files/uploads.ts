import type { Upload } from '../../domain/filing.ts'
import type { FileId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'

/** How long an upload may take. */
export const UPLOAD_LASTS = 86_400_000

/** An upload of the caller that has not expired. */
export async function ownUpload(ports: Pick<Ports, 'files' | 'clock' | 'storage'>, { userId }: Caller, id: FileId): Promise<Upload> {
  storageOf(ports)
  const upload = await ports.files.upload(id)
  if (upload?.ownerId !== userId || upload.expiresAt <= ports.clock()) throw new Refusal('upload-not-found')
  return upload
}

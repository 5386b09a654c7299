import { checkedFileKey, checkedFileName, type Upload } from '../../domain/filing.ts'
import type { FileId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { finishing } from './finishing.ts'
import { storageOf } from './storage.ts'
import { UPLOAD_LASTS } from './uploads.ts'

export const createUpload =
  (ports: Pick<Ports, 'files' | 'storage' | 'clock' | 'newId'>): ChatApi['createUpload'] =>
  async ({ userId: ownerId }, command) => {
    const { fileLimit, quota } = storageOf(ports)
    const { length } = command
    if (length > fileLimit) throw new Refusal('too-large', { limit: fileLimit })
    const name = checkedFileName(command.name)
    const clientFileId = command.clientFileId === undefined ? undefined : checkedFileKey(command.clientFileId)
    const expiresAt = ports.clock() + UPLOAD_LASTS
    const wanted: Upload = { id: ports.newId() as FileId, ownerId, name, clientFileId, length, received: 0, pieces: [], expiresAt }
    const upload = await ports.files.beginUpload(wanted, quota)
    if (upload === 'quota-full') throw new Refusal('quota-full', { limit: quota })
    if (upload === 'no-owner') throw new Refusal('unauthenticated')
    if (upload.length !== length) throw new Refusal('key-reused', {})
    if (length === 0) await finishing(ports)(upload)
    return upload
  }

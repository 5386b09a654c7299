import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'

/** A file that the caller may read: their own, or one that a message of their chats has. */
export const getFile =
  (ports: Pick<Ports, 'files' | 'storage'>): ChatApi['getFile'] =>
  async ({ userId }, fileId) => {
    storageOf(ports)
    const [file] = await ports.files.visible(userId, [fileId])
    if (!file) throw new Refusal('file-not-found', { fileIds: [fileId] })
    return file
  }

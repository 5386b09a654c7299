import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'

export const deleteFile =
  (ports: Pick<Ports, 'files' | 'storage' | 'clock'>): ChatApi['deleteFile'] =>
  async ({ userId }, fileId) => {
    storageOf(ports)
    const outcome = await ports.files.remove(userId, fileId, ports.clock())
    if (outcome === 'absent') throw new Refusal('file-not-found', { fileIds: [fileId] })
    if (outcome === 'in-use') throw new Refusal('file-in-use')
  }

import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'
import { ownUpload } from './uploads.ts'

/** Ends an upload. A file that it has made stays. */
export const endUpload =
  (ports: Pick<Ports, 'files' | 'clock' | 'storage'>): ChatApi['endUpload'] =>
  async (caller, uploadId) => {
    const { id, pieces } = await ownUpload(ports, caller, uploadId)
    await ports.files.endUpload(id)
    await storageOf(ports).blobs.dropPieces(pieces)
  }

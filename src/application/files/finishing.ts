import type { Upload } from '../../domain/filing.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'
import { taking } from './taking.ts'

/** Refusals after which another attempt would be refused, too. */
const FINAL = ['file-refused', 'quota-full', 'key-reused', 'too-large'] as const

/** Makes the file of an upload of which all bytes have come. May be repeated, also by several processes. What is refused for good is gone. */
export const finishing = (ports: Pick<Ports, 'files' | 'storage' | 'clock'>) => {
  const { intake, blobs, fileLimit } = storageOf(ports)
  const { files } = ports

  async function finish(upload: Upload): Promise<void> {
    const { id, pieces, length } = upload
    if (!(await files.get(id))) {
      if (pieces.length === 0 && length > 0) throw new Refusal('upload-not-found')
      await make(upload).catch(async (error: unknown) => {
        // Another process may have been faster and have dropped the pieces.
        if (await files.get(id)) return
        if (FINAL.some((code) => isRefusal(error, code))) await drop(upload)
        throw error
      })
    }
    if (pieces.length === 0) return
    await files.forgetPieces(id)
    await blobs.dropPieces(pieces)
  }

  async function make({ id, ownerId, name, clientFileId, pieces }: Upload): Promise<void> {
    const received = await intake.receive(blobs.pieces(pieces), { limit: fileLimit })
    try {
      await taking(ports)({ id, ownerId, name, clientFileId, received })
    } finally {
      await intake.drop(received)
    }
  }

  async function drop({ id, pieces }: Upload): Promise<void> {
    await files.endUpload(id)
    await blobs.dropPieces(pieces)
  }

  return finish
}

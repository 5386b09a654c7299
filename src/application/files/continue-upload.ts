import type { Upload } from '../../domain/filing.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Bytes } from '../ports/intake.ts'
import type { Ports } from '../ports/ports.ts'
import { finishing } from './finishing.ts'
import { slices } from './slices.ts'
import { storageOf } from './storage.ts'
import { ownUpload } from './uploads.ts'

type Needs = Pick<Ports, 'files' | 'storage' | 'clock' | 'newId'>

/** Bytes of one piece, at most: what a request brings beyond them makes further pieces. */
const PIECE = 16 * 1_048_576
/** Pieces of an upload, at most. */
const MOST_PIECES = 2_000

/**
 * Adds bytes to an upload that stands at `offset`. Of several requests with one offset the first to arrive whole is taken; of one that was
 * cut, what came is. The last bytes make the file. An empty request at the end repeats that, should it have failed.
 */
export const continueUpload =
  (ports: Needs): ChatApi['continueUpload'] =>
  async (caller, { uploadId, offset, bytes }) => {
    const upload = await ownUpload(ports, caller, uploadId)
    if (upload.received !== offset) throw new Refusal('upload-offset', { offset: upload.received })
    await addPieces(ports, upload, bytes)
    const now = await ownUpload(ports, caller, uploadId)
    if (now.received === now.length) await finishing(ports)(now)
    return now
  }

async function addPieces(ports: Needs, upload: Upload, bytes: Bytes): Promise<void> {
  const { intake, blobs } = storageOf(ports)
  const { id, length } = upload
  let { received } = upload
  for await (const slice of slices(bytes, PIECE)) {
    const piece = await intake.receive(slice, { limit: length - received, keepsPart: true })
    try {
      if (piece.size === 0) continue
      if (upload.pieces.length >= MOST_PIECES) throw new Refusal('too-large', { limit: MOST_PIECES })
      const name = `${id}.${received.toString().padStart(12, '0')}-${ports.newId().slice(-12)}`
      await blobs.keepPiece(name, piece)
      if (!(await ports.files.advance(id, { offset: received, name, size: piece.size }))) {
        await blobs.dropPieces([name])
        throw new Refusal('upload-offset', { offset: (await ports.files.upload(id))?.received ?? 0 })
      }
      received += piece.size
    } finally {
      await intake.drop(piece)
    }
  }
}

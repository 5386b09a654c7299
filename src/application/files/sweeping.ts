import type { FileId } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import type { Storage } from '../ports/storage.ts'

type Needs = Pick<Ports, 'files' | 'clock'> & { readonly storage: Storage }

/**
 * Finds what no path has told of: bytes that no row knows, pieces of uploads that have ended, files and bytes whose state is wrong. Returns how
 * much it mended. Reads all names at the place of the bytes.
 */
export async function sweep(needs: Needs): Promise<number> {
  const { files, clock } = needs
  return (await files.mend(clock())) + (await removeStrays(needs)) + (await dropPieces(needs))
}

async function removeStrays({ files, clock, storage: { blobs } }: Needs): Promise<number> {
  let strays = 0
  for (let page = await blobs.list(); page.length > 0; page = await blobs.list(page.at(-1)))
    for (const sha256 of await files.seize(page, clock())) {
      await blobs.remove(sha256)
      await files.released(sha256)
      strays++
    }
  return strays
}

async function dropPieces({ files, storage: { blobs } }: Needs): Promise<number> {
  let dropped = 0
  for (let page = await blobs.listPieces(); page.length > 0; page = await blobs.listPieces(page.at(-1)))
    for (const name of page) {
      const upload = await files.upload(name.split('.')[0] as FileId)
      if (upload && !(upload.received === upload.length && upload.pieces.length === 0)) continue
      await blobs.dropPieces([name])
      dropped++
    }
  return dropped
}

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Blobs } from '../../src/application/ports/blobs.ts'
import type { BlobsHarness } from '../../src/contracts/store.ts'

/** The rest of a harness, in a folder that goes with it. */
export async function blobsHarness(blobs: readonly Blobs[], close: () => Promise<unknown> = async () => {}): Promise<BlobsHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'received-'))
  return {
    blobs,
    fresh: (length) => Uint8Array.from(randomBytes(length)),
    async receive(bytes) {
      const path = join(folder, randomUUID())
      await writeFile(path, bytes)
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    },
    async close() {
      await close()
      await rm(folder, { recursive: true })
    },
  }
}

import type { Instant } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'
import type { Storage } from '../ports/storage.ts'

type Needs = Pick<Ports, 'files' | 'clock'>

const DAY = 86_400_000
const AT_ONCE = 100

/**
 * Lets go of what nobody needs, a piece at a time: uploads that expired, files that no message has had for 24 hours, and bytes that no
 * file has had for 24 more, so that a copy of the bytes made after one of the database has all that it names. Returns how much went.
 */
export async function collect(ports: Needs & { readonly storage: Storage }): Promise<number> {
  const { files, clock, storage } = ports
  const now = clock()
  const uploads = await repeated(() => endExpired(ports, now))
  const loose = await repeated(() => files.collect(now - DAY, now, AT_ONCE))
  const bytes = await repeated(async () => {
    const digests = await files.release(now - DAY, now, AT_ONCE)
    for (const sha256 of digests) {
      await storage.blobs.remove(sha256)
      await files.released(sha256)
    }
    return digests.length
  })
  return uploads + loose + bytes
}

async function repeated(some: () => Promise<number>): Promise<number> {
  let all = 0
  for (let count = AT_ONCE; count === AT_ONCE; all += count) count = await some()
  return all
}

async function endExpired({ files, storage }: Needs & { readonly storage: Storage }, now: Instant): Promise<number> {
  const expired = await files.expired(now, AT_ONCE)
  for (const { id, pieces } of expired) {
    await files.endUpload(id)
    await storage.blobs.dropPieces(pieces)
  }
  return expired.length
}

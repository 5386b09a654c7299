import type { StoredFile } from '../../domain/filing.ts'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { FileContent } from '../file-api.ts'
import type { Variant } from '../ports/blobs.ts'
import type { Ports } from '../ports/ports.ts'
import { isGood } from './addresses.ts'
import { getFile } from './get-file.ts'
import { storageOf } from './storage.ts'

type Needs = Pick<Ports, 'files' | 'storage' | 'clock'>

export const getFileContent =
  (ports: Needs): ChatApi['getFileContent'] =>
  async (caller, { fileId, variant }) =>
    contentOf(ports, await getFile(ports)(caller, fileId), { variant })

/** The same for whoever has an address that was signed for this. */
export const getSignedContent =
  (ports: Needs): ChatApi['getSignedContent'] =>
  async (_, address) => {
    const { signatures } = storageOf(ports)
    const { fileId, variant, expiresAt } = address
    const now = ports.clock()
    const file = isGood(signatures, address, now) ? await ports.files.get(fileId) : undefined
    if (!file) throw new Refusal('file-not-found', { fileIds: [fileId] })
    return contentOf(ports, file, { variant, lasts: expiresAt - now })
  }

interface Wanted {
  readonly variant: Variant | undefined
  readonly lasts?: Duration
}

function contentOf(ports: Needs, file: StoredFile, { variant, lasts }: Wanted): FileContent {
  const { blobs, redirects } = storageOf(ports)
  if (variant && !file.hasPreviews) throw new Refusal('file-not-found', { fileIds: [file.id] })
  const { address } = blobs
  return {
    file,
    variant,
    lasts,
    open: (range) => blobs.open(file.sha256, { variant, range }),
    address: redirects && address ? (serving) => address(file.sha256, { ...serving, variant }) : undefined,
  }
}

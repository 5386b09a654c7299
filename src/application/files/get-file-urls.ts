import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { addressOf } from './addresses.ts'
import { storageOf } from './storage.ts'

export const getFileUrls =
  (ports: Pick<Ports, 'files' | 'storage' | 'clock'>): ChatApi['getFileUrls'] =>
  async ({ userId }, fileIds) => {
    const { signatures } = storageOf(ports)
    const now = ports.clock()
    const found = new Map((await ports.files.visible(userId, fileIds)).map((file) => [file.id, file]))
    return [...new Set(fileIds)].flatMap((fileId) => {
      const file = found.get(fileId)
      if (!file) return []
      const at = (variant: 'thumb' | 'preview' | undefined) => addressOf(signatures, { fileId, variant }, now)
      return [
        {
          fileId,
          content: at(undefined),
          preview: file.hasPreviews ? at('preview') : undefined,
          thumb: file.hasPreviews ? at('thumb') : undefined,
        },
      ]
    })
  }

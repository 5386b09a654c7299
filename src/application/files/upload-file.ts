import { checkedFileKey, checkedFileName } from '../../domain/filing.ts'
import type { FileId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'
import { taking } from './taking.ts'

export const uploadFile =
  (ports: Pick<Ports, 'files' | 'storage' | 'clock' | 'newId'>): ChatApi['uploadFile'] =>
  async ({ userId: ownerId }, command) => {
    const { intake, fileLimit } = storageOf(ports)
    const name = checkedFileName(command.name)
    const clientFileId = command.clientFileId === undefined ? undefined : checkedFileKey(command.clientFileId)
    if ((command.length ?? 0) > fileLimit) throw new Refusal('too-large', { limit: fileLimit })
    const received = await intake.receive(command.bytes, { limit: fileLimit })
    try {
      return await taking(ports)({ id: ports.newId() as FileId, ownerId, name, clientFileId, received })
    } finally {
      await intake.drop(received)
    }
  }

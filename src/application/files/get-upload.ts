import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { ownUpload } from './uploads.ts'

export const getUpload =
  (ports: Pick<Ports, 'files' | 'clock' | 'storage'>): ChatApi['getUpload'] =>
  (caller, uploadId) =>
    ownUpload(ports, caller, uploadId)

import type { File as DomainFile } from '../../../domain/file.ts'
import type { File } from '../schemas/files.ts'
import { presentTime } from './time.ts'

export const presentFile = (file: DomainFile): File => ({
  id: file.id,
  name: file.name,
  size: file.size,
  type: file.type,
  kind: file.kind,
  width: file.width ?? null,
  height: file.height ?? null,
  thumbhash: file.thumbhash ?? null,
  created_at: presentTime(file.createdAt),
})

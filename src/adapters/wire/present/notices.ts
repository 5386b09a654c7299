import type { Profile } from '../../../application/chat-api.ts'
import type { Inlet as DomainInlet } from '../../../application/ports/inlets.ts'
import type { ChatNotices as DomainNotices } from '../../../application/ports/notices.ts'
import type { Inlet } from '../schemas/inlets.ts'
import type { ChatNotices, MyNotices } from '../schemas/notices.ts'
import { presentTime, timeOrNull } from './time.ts'

export const presentChatNotices = ({ level, mutedUntil }: DomainNotices): ChatNotices => ({
  level: level ?? null,
  muted_until: timeOrNull(mutedUntil),
})

export const presentMyNotices = ({ level, quiet, digest }: Profile['notices']): MyNotices => ({
  level,
  quiet: quiet ? { ...quiet } : null,
  ...(digest !== undefined && { digest }),
})

export const presentInlet = ({ id, name, createdAt, createdBy }: DomainInlet): Inlet => ({
  id,
  name,
  created_at: presentTime(createdAt),
  created_by: createdBy,
})

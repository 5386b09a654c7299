import type { Hook as DomainHook } from '../../../application/hooks/api.ts'
import type { DeadRange as DomainRange } from '../../../application/ports/consumers.ts'
import type { DeadRange, Hook } from '../schemas/hooks.ts'
import { presentTime, timeOrNull } from './time.ts'

export const presentHook = (hook: DomainHook): Hook => ({
  id: hook.id,
  url: hook.url,
  types: hook.types ? [...hook.types] : null,
  chat_ids: hook.chatIds ? [...hook.chatIds] : null,
  batch: hook.batch,
  enabled: hook.isEnabled,
  state: hook.state,
  behind: hook.behind,
  last_success_at: timeOrNull(hook.lastSuccessAt),
  last_error: hook.lastError ?? null,
})

export const presentDeadRange = ({ chatId, from, to, at, error }: DomainRange): DeadRange => ({
  chat_id: chatId,
  from,
  to,
  at: presentTime(at),
  error: error ?? null,
})

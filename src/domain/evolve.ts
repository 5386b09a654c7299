import { type ChatState, copied } from './decision.ts'
import type { ChatEvent } from './event.ts'
import { chatOf } from './kinds/kind.ts'
import { changesMembers, kindOf } from './kinds/kinds.ts'

/**
 * State + event → state. The maps of a state that the caller gives away are changed; otherwise they are copied first,
 * which costs more the more a state holds.
 */
export function evolve(state: ChatState, event: ChatEvent, ownership: 'given' | 'kept' = 'kept'): ChatState {
  const next = ownership === 'given' ? state : copied(state)
  const kind = kindOf(event)
  kind.evolve(next, event)
  const { seq, at } = event
  if (kind.audience.change !== 'ends')
    next.chat = { ...chatOf(next), headSeq: seq, headAt: at, ...(changesMembers(event) && { memberSeq: seq }) }
  return next
}

import type { ChatId } from '../../domain/ids.ts'
import { PINS_LIMIT } from '../../domain/own.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { OwnChange, Owned } from '../ports/own.ts'
import type { Ports } from '../ports/ports.ts'
import type { MyChat } from '../ports/views.ts'
import { seen } from './seen.ts'

export type OwnNeeds = Pick<Ports, 'own' | 'clock'> & {
  /** The own state of a user was changed: the user's devices are notified. */
  readonly owned: (owned: Owned) => void
}

/** Changes the caller's own state of a chat and notifies the caller's devices. */
export const updateMyChat =
  (needs: OwnNeeds): ChatApi['updateMyChat'] =>
  (caller, { chatId, ...change }) =>
    changed(needs, caller, chatId, change)

export async function changed({ own, clock, owned }: OwnNeeds, { userId }: Caller, chatId: ChatId, change: OwnChange): Promise<MyChat> {
  const outcome = seen(await own.change({ chatId, userId, at: clock() }, change), chatId)
  if (outcome === 'pins-full') throw new Refusal('pins-full', { limit: PINS_LIMIT })
  const { moved, ...now } = outcome
  if (moved) owned(now)
  return now.me
}

import type { Caller, Sent } from '../../../application/chat-api.ts'
import { presentMessage } from '../../wire/present/messages.ts'

/** The answer to a send: 201 for a new message, and the same message with 200 for each retry. */
export function sent({ view, replayed }: Sent, caller: Caller) {
  const body = presentMessage(view, caller.userId)
  return replayed ? ({ status: 200, headers: { 'Idempotency-Replayed': 'true' }, body } as const) : ({ status: 201, body } as const)
}

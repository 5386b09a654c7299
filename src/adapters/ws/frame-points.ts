import type { ClientFrame } from '../wire/frames.ts'

/**
 * What a frame costs of the limit `frame`. 0: it is a call of the API and is counted as one, or it is bounded otherwise, as `resume`, of which a
 * socket has one, and `authorize`, of which it has one at a time.
 */
export const framePoints: Readonly<Record<ClientFrame['type'], number>> = {
  authorize: 0,
  resume: 0,
  send_message: 0,
  edit_message: 0,
  delete_message: 0,
  add_reaction: 0,
  remove_reaction: 0,
  mark_read: 0,
  fetch: 0,
  typing: 2,
  join_chat: 5,
  leave_chat: 2,
  ping: 1,
}

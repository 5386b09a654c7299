import type { ChatApi } from '../chat-api.ts'
import { folded } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import type { Policy } from './policy.ts'

export const findUsers =
  ({ people }: Pick<Ports, 'people'>, { directory }: Pick<Policy, 'directory'>): ChatApi['findUsers'] =>
  (caller, { query }, window) =>
    people.find(caller.userId, { query: folded(query), exact: directory === 'exact' }, window)

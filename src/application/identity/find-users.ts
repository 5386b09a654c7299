import type { ChatApi } from '../chat-api.ts'
import { folded } from '../chats/seen.ts'
import type { Ports } from '../ports/ports.ts'
import type { Policy } from './policy.ts'

export const findUsers =
  ({ people }: Pick<Ports, 'people'>, { directory }: Pick<Policy, 'directory'>): ChatApi['findUsers'] =>
  async (caller, { query }, window) => {
    const isGuest = (await people.get(caller.userId))?.kind === 'guest'
    // A guest finds a user by the whole username, and by nothing else.
    const sought = isGuest && query?.includes('@') ? undefined : query
    return people.find(caller.userId, { query: folded(sought), exact: isGuest || directory === 'exact' }, window)
  }

import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import { folded } from '../chats/read-chats.ts'
import type { Ports } from '../ports/ports.ts'
import type { Policy } from './sign-in.ts'

type Needs = Pick<Ports, 'people'>

export const findUsers =
  ({ people }: Needs, { directory }: Pick<Policy, 'directory'>): ChatApi['findUsers'] =>
  (caller, { query }, window) =>
    people.find(caller.userId, { query: folded(query), exact: directory === 'exact' }, window)

export const getUser =
  ({ people }: Needs): ChatApi['getUser'] =>
  async (caller, userId) => {
    const person = await people.see(caller.userId, userId)
    if (!person) throw new Refusal('user-not-found', { userIds: [userId] })
    return person
  }

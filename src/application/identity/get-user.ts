import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const getUser =
  ({ people }: Pick<Ports, 'people'>): ChatApi['getUser'] =>
  async (caller, userId) => {
    const person = await people.see(caller.userId, userId)
    if (!person) throw new Refusal('user-not-found', { userIds: [userId] })
    return person
  }

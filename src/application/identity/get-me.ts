import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

export const getMe =
  ({ people }: Pick<Ports, 'people'>): ChatApi['getMe'] =>
  async ({ userId }) => {
    const user = await people.get(userId)
    if (!user) throw new Refusal('session-ended')
    return user
  }

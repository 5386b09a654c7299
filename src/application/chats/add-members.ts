import { add } from '../../domain/group.ts'
import type { ChatApi } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'
import { seen } from './seen.ts'

export const addMembers =
  (ports: Pick<Ports, 'log' | 'chats' | 'clock' | 'interceptors' | 'later' | 'groupLimit'>): ChatApi['addMembers'] =>
  async (caller, { chatId, userIds }) => {
    const { log, chats, clock, interceptors } = ports
    const people = distinct(...userIds)
    const { beforeJoin } = interceptors ?? {}
    if (beforeJoin) await inTime(ports, () => beforeJoin({ chatId, userIds: people }, { caller: { userId: caller.userId } }))
    const change = { adderId: caller.userId, userIds: people, limit: ports.groupLimit, at: clock() }
    const consents = people.filter((id) => id !== caller.userId).map((id) => [id, caller.userId] as const)
    const scope = {
      chat: chatId,
      members: distinct(caller.userId, ...people),
      people,
      bans: people,
      mutes: people,
      outsiders: people,
      consents,
    }
    const { added, skipped } = await log.change(scope, (state) => add(state, change))
    return { added: added.length === 0 ? [] : seen(await chats.membersOf(caller.userId, chatId, added), chatId), skipped }
  }

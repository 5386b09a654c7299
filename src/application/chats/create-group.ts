import { checkedData } from '../../domain/content.ts'
import { open } from '../../domain/group.ts'
import { type ChatId, creationKey } from '../../domain/ids.ts'
import { checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import { inTime } from '../in-time.ts'
import type { Ports } from '../ports/ports.ts'
import { viewOf } from './seen.ts'

export const createGroup =
  (ports: Pick<Ports, 'log' | 'clock' | 'newId' | 'chats' | 'interceptors' | 'later' | 'groupLimit'>): ChatApi['createGroup'] =>
  async (caller, { name, memberIds, clientChatId, data }) => {
    const { log, clock, newId } = ports
    const creatorId = caller.userId
    const id = newId() as ChatId
    const key = clientChatId === undefined ? undefined : creationKey(creatorId, clientChatId)
    const otherIds = [...new Set(memberIds)].filter((userId) => userId !== creatorId)
    const wanted = { kind: 'group' as const, name, memberIds: otherIds }
    const { beforeCreateChat } = ports.interceptors ?? {}
    if (beforeCreateChat) await inTime(ports, () => beforeCreateChat(wanted, { caller: { userId: creatorId } }))
    const opening = {
      id,
      key,
      kind: 'group' as const,
      name: checkedName(name),
      creatorId,
      otherIds,
      data: data && checkedData(data),
      limit: ports.groupLimit,
      at: clock(),
    }
    const scope = {
      chat: key ?? id,
      members: [creatorId],
      people: [creatorId, ...otherIds],
      consents: otherIds.map((id) => [id, creatorId] as const),
    }
    const { chatId, isNew } = await log.change(scope, (state) => open(state, opening))
    return { view: await viewOf(ports, caller, chatId), isNew }
  }

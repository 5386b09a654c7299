import { type Opened, open } from '../../domain/group.ts'
import { type ChatId, creationKey, type MessageId, pairKey, type UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { viewOf } from './read-chats.ts'

type Needs = Pick<Ports, 'log' | 'clock' | 'newId'>

interface Pair {
  readonly userId: UserId
  /** A message that is in the chat: without it, none is made. */
  readonly replyTo?: MessageId | undefined
}

/** The id of the one private chat of two people, made now if need be. */
export const privateChatOf =
  (ports: Needs) =>
  async (caller: Caller, pair: Pair): Promise<ChatId> =>
    (await pairOf(ports, caller, pair)).chatId

async function pairOf({ log, clock, newId }: Needs, { userId: creatorId }: Caller, { userId, replyTo }: Pair): Promise<Opened> {
  if (userId === creatorId) throw new Refusal('chat-with-self')
  const key = pairKey(creatorId, userId)
  const opening = { id: newId() as ChatId, key, kind: 'private' as const, name: undefined, creatorId, otherIds: [userId], at: clock() }
  return log.change({ chat: key, people: [creatorId, userId] }, (state) => {
    const opened = open(state, opening)
    if (replyTo && opened.result.isNew) throw new Refusal('message-not-found', { messageId: replyTo })
    return opened
  })
}

export const openPrivateChat =
  (ports: Needs & Pick<Ports, 'chats'>): ChatApi['openPrivateChat'] =>
  async (caller, { userId }) => {
    const { chatId, isNew } = await pairOf(ports, caller, { userId })
    return { view: await viewOf(ports, caller, chatId), isNew }
  }

export const createGroup =
  (ports: Needs & Pick<Ports, 'chats'>): ChatApi['createGroup'] =>
  async (caller, { name, memberIds, clientChatId }) => {
    const { log, clock, newId } = ports
    const creatorId = caller.userId
    const id = newId() as ChatId
    const key = clientChatId === undefined ? undefined : creationKey(creatorId, clientChatId)
    const otherIds = [...new Set(memberIds)].filter((userId) => userId !== creatorId)
    const opening = { id, key, kind: 'group' as const, name: checkedName(name), creatorId, otherIds, at: clock() }
    const scope = { chat: key ?? id, members: [creatorId], people: [creatorId, ...otherIds] }
    const { chatId, isNew } = await log.change(scope, (state) => open(state, opening))
    return { view: await viewOf(ports, caller, chatId), isNew }
  }

import { add, disband, dismiss, giveRole, rename } from '../../domain/group.ts'
import type { UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { seen, viewOf } from './read-chats.ts'

type Needs = Pick<Ports, 'log' | 'chats' | 'clock'>

/** A caller and others, each once. */
const distinct = (...ids: readonly UserId[]): UserId[] => [...new Set(ids)]

export const renameChat =
  (ports: Needs): ChatApi['renameChat'] =>
  async (caller, { chatId, name }) => {
    const change = { renamerId: caller.userId, name: checkedName(name), at: ports.clock() }
    await ports.log.change({ chat: chatId, members: [caller.userId] }, (state) => rename(state, change))
    return viewOf(ports, caller, chatId)
  }

export const deleteChat =
  ({ log, clock }: Needs): ChatApi['deleteChat'] =>
  async (caller, chatId) => {
    const change = { ownerId: caller.userId, at: clock() }
    await log.change({ chat: chatId, members: [caller.userId] }, (state) => disband(state, change))
  }

export const addMembers =
  ({ log, chats, clock }: Needs): ChatApi['addMembers'] =>
  async (caller, { chatId, userIds }) => {
    const people = distinct(...userIds)
    const change = { adderId: caller.userId, userIds: people, at: clock() }
    const scope = { chat: chatId, members: distinct(caller.userId, ...people), people }
    const added = await log.change(scope, (state) => add(state, change))
    return added.length === 0 ? [] : seen(await chats.membersOf(caller.userId, chatId, added), chatId)
  }

export const changeRole =
  ({ log, chats, clock }: Needs): ChatApi['changeRole'] =>
  async (caller, { chatId, userId, role }) => {
    const change = { giverId: caller.userId, userId, role, at: clock() }
    await log.change({ chat: chatId, members: distinct(caller.userId, userId) }, (state) => giveRole(state, change))
    const [member] = seen(await chats.membersOf(caller.userId, chatId, [userId]), chatId)
    if (!member) throw new Refusal('user-not-found', { userIds: [userId] })
    return member
  }

export const removeMembers =
  ({ log, chats, receipts, clock }: Needs & Pick<Ports, 'receipts'>): ChatApi['removeMembers'] =>
  async (caller, { chatId, userIds }) => {
    const leavers = distinct(...userIds)
    if (isOnly(caller, leavers) && (await isPrivate(chats, caller, chatId))) {
      await receipts.hide(chatId, caller.userId)
      return leavers
    }
    const change = { removerId: caller.userId, userIds: leavers, at: clock() }
    return log.change({ chat: chatId, members: distinct(caller.userId, ...leavers) }, (state) => dismiss(state, change))
  }

const isOnly = (caller: Caller, ids: readonly UserId[]): boolean => ids.length === 1 && ids[0] === caller.userId

const isPrivate = async (chats: Ports['chats'], caller: Caller, chatId: Parameters<Ports['chats']['get']>[1]): Promise<boolean> =>
  seen(await chats.get(caller.userId, chatId), chatId).chat.kind === 'private'

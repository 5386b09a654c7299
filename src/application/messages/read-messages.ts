import { fold } from '../../domain/words.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { folded, seen } from '../chats/read-chats.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import { getMessage } from './change-message.ts'

type Needs = Pick<Ports, 'log' | 'chats' | 'receipts' | 'clock'>

export const listMessages =
  ({ chats }: Needs): ChatApi['listMessages'] =>
  async (caller, { chatId, window, limit, count = false, senderId, query }) =>
    seen(await chats.messages(caller.userId, chatId, window, { senderId, query: folded(query) }, limit, count), chatId)

export const searchMessages =
  ({ chats }: Needs): ChatApi['searchMessages'] =>
  (caller, { query, ...filter }, window) =>
    chats.search(caller.userId, { ...filter, query: fold(query) }, window)

export const listReaders =
  (ports: Needs): ChatApi['listReaders'] =>
  async (caller, command, window) => {
    const { message } = await getMessage(ports)(caller, command)
    const target = { seq: message.seq, senderId: message.sender.id }
    return seen(await ports.chats.readers(caller.userId, command.chatId, target, window), command.chatId)
  }

export const listEvents =
  ({ chats, log }: Needs): ChatApi['listEvents'] =>
  async (caller, { chatId, after, limit }) => {
    const { headSeq } = seen(await chats.standing(caller.userId, chatId), chatId)
    const events = await log.read(chatId, after, limit)
    return { events, head: Math.max(headSeq, events.at(-1)?.seq ?? 0) }
  }

/** Moves one's mark; `told` hears of it when it moved. */
export const markRead =
  (ports: Needs, told: (caller: Caller, marked: Marked) => void): ChatApi['markRead'] =>
  async (caller, command) => {
    const { chatId } = command
    const to = 'seq' in command ? command.seq : (await getMessage(ports)(caller, command)).message.seq
    const marked = seen(await ports.receipts.advance({ chatId, userId: caller.userId, to, at: ports.clock() }), chatId)
    if (marked.moved) told(caller, marked)
    return { chatId, readSeq: marked.receipt.readSeq, unread: marked.unread }
  }

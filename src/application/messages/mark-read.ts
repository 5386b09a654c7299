import type { ChatApi } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { changed, type OwnNeeds } from '../chats/update-my-chat.ts'
import type { Ports } from '../ports/ports.ts'
import type { Marked } from '../ports/receipts.ts'
import { getMessage } from './get-message.ts'

/** Moves the caller's mark. `moved` is called if it moved. A chat that the caller has marked as unread is so no longer. */
export const markRead =
  (ports: Pick<Ports, 'chats' | 'receipts'> & OwnNeeds, moved: (marked: Marked) => void): ChatApi['markRead'] =>
  async (caller, command) => {
    const { chatId } = command
    const to = 'seq' in command ? command.seq : (await getMessage(ports)(caller, command)).message.seq
    const marked = seen(await ports.receipts.advance({ chatId, userId: caller.userId, to, at: ports.clock() }), chatId)
    if (marked.moved) moved(marked)
    if (marked.isMarkedUnread) await changed(ports, caller, chatId, { markedUnread: false })
    return { chatId, readSeq: marked.receipt.readSeq, unread: marked.unread, unreadMentions: marked.unreadMentions }
  }

import type { Chats } from '../../application/ports/chats.ts'
import type { MentionPosition, MessageFilter, MessageWindow } from '../../application/ports/views.ts'
import { searchedText } from '../../domain/content.ts'
import type { Instant, MessageId, UserId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import { fold } from '../../domain/words.ts'
import { compareText, pageOf, partition } from './page.ts'
import { memoryReactions } from './reactions.ts'
import { type ChatRecord, chatOf, chatsOf, hasBlocked, lowestMarks, type MemoryStore, readSeq } from './store.ts'
import { viewed } from './views.ts'

export function memoryMessages(store: MemoryStore): Pick<Chats, 'messages' | 'message' | 'search' | 'mentions' | 'reactions' | 'pins'> {
  return {
    ...memoryReactions(store),
    async messages(viewer, chatId, window, filter, limit, count) {
      const record = chatOf(store, viewer, chatId)
      if (!record) return undefined
      const found = matching(store, viewer, { record, filter })
      const [start, end] = bounds(found, window, limit)
      const lowest = lowestMarks(record)
      return {
        items: found.slice(start, end).map((message) => viewed(store, { message, lowest, viewer })),
        hasOlder: start > 0,
        hasNewer: end < found.length,
        total: count ? found.length : undefined,
      }
    },
    async message(viewer, chatId, messageId) {
      const record = chatOf(store, viewer, chatId)
      const message = record?.state.messages.get(messageId)
      return record && { message: message ? viewed(store, { message, lowest: lowestMarks(record), viewer }) : undefined }
    },
    async mentions(viewer, { unread = false }, window) {
      const found = chatsOf(store, viewer).flatMap((record) => concerning(store, record, { viewer, isUnread: unread }))
      const page = pageOf(found.sort(byPlace), window, { position: ({ at, chatId, seq }) => ({ at, chatId, seq }), compare: byPlace })
      return {
        ...page,
        items: page.items.map((message) =>
          viewed(store, { message: message, lowest: lowestMarks(store.chats.get(message.chatId)!), viewer }),
        ),
      }
    },
    async search(viewer, { query, chatId, senderId }, window) {
      const records = chatsOf(store, viewer).filter((record) => chatId === undefined || record.state.chat.id === chatId)
      const found = records
        .flatMap((record) => matching(store, viewer, { record, filter: { query, senderId } }))
        .sort((a, b) => newestFirst(a, b))
      const page = pageOf(found, window, { position: ({ at, id }) => ({ at, id }), compare: newestFirst })
      return {
        ...page,
        items: page.items.map((message) => viewed(store, { message, lowest: lowestMarks(store.chats.get(message.chatId)!), viewer })),
      }
    },
  }
}

/** Messages that concern a member: those that name the member, and those to all since the member joined. */
interface Concerned {
  readonly viewer: UserId
  readonly isUnread: boolean
}
const concerning = (store: MemoryStore, record: ChatRecord, { viewer, isUnread }: Concerned): readonly Message[] => {
  const after = isUnread ? readSeq(record, viewer) : 0
  const joined = record.state.members.get(viewer)!.joinedSeq
  return record.sent.filter(({ seq, sender }) => {
    const isHeard = seq > after && sender.id !== viewer && !hasBlocked(store, viewer, sender.id)
    const concern = isHeard ? record.mentions.get(seq) : undefined
    return concern?.users.has(viewer) || (concern?.isAll && seq > joined)
  })
}
const byPlace = (a: MentionPosition, b: MentionPosition) => b.at - a.at || compareText(b.chatId, a.chatId) || b.seq - a.seq

type MessagePosition = { readonly at: Instant; readonly id: MessageId }
const newestFirst = (a: MessagePosition, b: MessagePosition) => b.at - a.at || compareText(b.id, a.id)

interface Filtered {
  readonly record: ChatRecord
  readonly filter: MessageFilter
}

/** A search leaves out what people say whom the viewer has blocked. */
function matching(store: MemoryStore, viewer: UserId, { record: { sent }, filter: { senderId, query } }: Filtered): readonly Message[] {
  if (senderId === undefined && query === undefined) return sent
  const part = query === undefined ? undefined : fold(query)
  return sent.filter(
    ({ sender, text, content }) =>
      (senderId === undefined || sender.id === senderId) &&
      (part === undefined ||
        (text !== undefined && !hasBlocked(store, viewer, sender.id) && fold(searchedText(text, content)).includes(part))),
  )
}

/** From where to where a window reaches in a list of messages. */
function bounds(found: readonly Message[], window: MessageWindow, limit: number): [start: number, end: number] {
  const below = (seq: number) => partition(found, (message) => message.seq < seq)
  const upTo = (end: number): [number, number] => [Math.max(0, end - limit), end]
  switch (window.kind) {
    case 'newest':
      return upTo(found.length)
    case 'before':
      return upTo(below(window.seq))
    case 'after': {
      const start = below(window.seq + 1)
      return [start, Math.min(found.length, start + limit)]
    }
    case 'around': {
      const middle = below(window.seq)
      const half = Math.floor(limit / 2)
      return [Math.max(0, middle - half), Math.min(found.length, middle + limit - half)]
    }
    case 'offset': {
      if (window.fromEnd) return upTo(Math.max(0, found.length - window.offset))
      const start = Math.min(found.length, window.offset)
      return [start, Math.min(found.length, start + limit)]
    }
  }
}

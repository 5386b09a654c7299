import { invalid } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import { folded, seen } from '../chats/seen.ts'
import { viewerIn } from '../chats/viewer.ts'
import type { Ports } from '../ports/ports.ts'

/** The largest offset among messages that match a filter: they have to be passed over one by one. */
export const FILTERED_OFFSET = 10_000

export const listMessages =
  ({ chats }: Pick<Ports, 'chats'>): ChatApi['listMessages'] =>
  async (caller, { chatId, window, limit, count = false, senderId, query }) => {
    const isFiltered = senderId !== undefined || query !== undefined
    if (isFiltered && window.kind === 'offset' && window.offset > FILTERED_OFFSET)
      throw invalid('/offset', `is at most ${FILTERED_OFFSET} together with sender_id or query; a cursor goes on from any page`)
    return seen(
      await chats.messages(await viewerIn({ chats }, caller, chatId), chatId, window, { senderId, query: folded(query) }, limit, count),
      chatId,
    )
  }

import type { ChatApi } from '../../application/chat-api.ts'
import { gate } from '../../application/gate.ts'
import { NOWHERE } from '../../application/live/as-of.ts'
import type { Connection } from '../../application/live/connection.ts'
import type { ChatId, Seq } from '../../domain/ids.ts'
import type { Reacted } from '../../domain/reacting.ts'
import type { FrameOf, ResultOf } from '../wire/frames.ts'
import type { FrameHandlers } from '../wire/handlers.ts'
import { readContent, readNewMessage } from '../wire/parse/message.ts'
import { presentEvent } from '../wire/present/events.ts'
import { presentHeads, presentJoined, presentResumed } from '../wire/present/frames.ts'
import { presentReading, presentSent } from '../wire/present/messages.ts'
import type { KnownSocket } from './socket-state.ts'

export interface HandlerNeeds {
  readonly api: ChatApi
  authorize(state: KnownSocket, frame: FrameOf<'authorize'>): Promise<ResultOf<'authorize'>>
  /** Resolves when no frame waits for a slow reader. */
  room(state: KnownSocket): Promise<void>
}

/** Read when the answer is written, since the user may leave a chat until then. */
async function resumed(connection: Connection, { epoch, as_of: asOf, cursors }: FrameOf<'resume'>): Promise<ResultOf<'resume'>> {
  const resumed = await connection.resume({ epoch, asOf, cursors: new Map(Object.entries(cursors) as [ChatId, Seq][]) })
  let presented: ReturnType<typeof presentResumed> | undefined
  const shown = () => (presented ??= presentResumed(resumed))
  return {
    epoch: resumed.epoch,
    as_of: connection.asOf() ?? NOWHERE,
    whole: resumed.isWhole,
    get heads() {
      return shown().heads
    },
    get reads() {
      return shown().reads
    },
    get blocked() {
      return shown().blocked
    },
    get my() {
      return shown().my
    },
  }
}

/** One function per frame of an authenticated user. */
export function frameHandlers({ api, authorize, room }: HandlerNeeds): FrameHandlers<KnownSocket> {
  return {
    authorize,
    resume: ({ connection }, frame) => resumed(connection, frame),
    async send_message({ caller }, frame) {
      const message = readNewMessage(frame)
      const sent =
        'chat_id' in frame
          ? await api.sendMessage(caller, { ...message, chatId: frame.chat_id })
          : await api.sendMessageToUser(caller, { ...message, userId: frame.user_id })
      return presentSent(sent, caller.userId)
    },
    async edit_message({ caller }, { chat_id: chatId, message_id: messageId, version, ...change }) {
      const { message } = await api.editMessage(caller, { chatId, messageId, version, ...readContent(change) })
      return { seq: message.changedSeq }
    },
    async delete_message({ caller }, { chat_id: chatId, message_id: messageId }) {
      const { seq } = await api.deleteMessage(caller, { chatId, messageId })
      return { seq }
    },
    add_reaction: async ({ caller }, frame) => seqOf(await api.addReaction(caller, reactionOf(frame))),
    remove_reaction: async ({ caller }, frame) => seqOf(await api.removeReaction(caller, reactionOf(frame))),
    async mark_read({ caller }, frame) {
      const to = 'seq' in frame ? { seq: frame.seq } : { messageId: frame.message_id }
      return presentReading(await api.markRead(caller, { chatId: frame.chat_id, ...to }))
    },
    async typing({ connection }, { chat_id, active }) {
      await connection.typing(chat_id, active)
      return {}
    },
    async join_chat({ connection }, { chat_id }) {
      return presentJoined(await connection.join(chat_id))
    },
    async leave_chat({ connection }, { chat_id, mute }) {
      await connection.leave(chat_id, mute)
      return {}
    },
    /** Pages are large: one at a time per connection, and none while frames wait for a slow reader. */
    fetch(state, { chat_id: chatId, after, limit }) {
      state.fetches ??= gate({ places: 1 })
      return state.fetches(async () => {
        await room(state)
        const { events, head } = await api.listEvents(state.caller, { chatId, after, limit })
        return { events: events.map((event) => presentEvent(event, state.caller.userId)), head }
      })
    },
    async ping({ connection }) {
      return presentHeads(connection.heads())
    },
  }
}

const reactionOf = ({ chat_id: chatId, message_id: messageId, emoji }: FrameOf<'add_reaction' | 'remove_reaction'>) => ({
  chatId,
  messageId,
  emoji,
})
const seqOf = ({ changedSeq: seq }: Reacted) => ({ seq })

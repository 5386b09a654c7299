import type { Chat } from '../../../../domain/chat.ts'
import type { KnownEvent } from '../../../../domain/event.ts'
import type { ChatId } from '../../../../domain/ids.ts'
import type { Row } from '../../database/connect.ts'
import type { LaneConnection } from '../../lane/connection.ts'
import type { Statement } from '../../lane/round.ts'
import { named } from '../../lane/statements.ts'
import { type ChatInBatch, isDeleted } from '../batch.ts'
import { eventCells } from '../kinds.ts'
import { chatOf } from '../rows.ts'
import { BEGIN, lockChats, ROLLBACK } from './statements.ts'

type Verdict = 'committed' | 'failed' | 'unknown'

/**
 * Finds out whether a batch was committed whose answer was lost: whether the log has its events. The locks wait for the end of the
 * transaction that made them.
 */
export async function settle({ round }: LaneConnection, changed: readonly ChatInBatch[]): Promise<Verdict> {
  const chats = changed.map(({ was, events }) => was?.id ?? events[0]!.chatId)
  const probes = changed.map(({ events }) => probe(events[0]!))
  const [, locked, ...found] = await round([BEGIN, lockChats(chats, []), ...probes, ROLLBACK])
  const heads = new Map(locked!.map((row) => [row.id as ChatId, chatOf(row)]))
  const verdicts = changed.map((chat, i) => judge(chat, heads.get(chats[i]!), found[i]!))
  return verdicts.find((verdict) => verdict !== 'unknown') ?? (changed.some(isDeleted) ? 'committed' : 'unknown')
}

const MESSAGE = named('probe_message', 'select id from {messages} where chat_id = $1 and seq = $2')
const EVENT = named('probe_event', 'select type, actor_id, at, payload from {events} where chat_id = $1 and seq = $2')

const probe = (event: KnownEvent): Statement => ({ ...(eventCells(event) ? EVENT : MESSAGE), values: [event.chatId, event.seq] })

/** A chat that is not there proves nothing: it may be new and on its way, or deleted since. */
function judge({ was, events: [first] }: ChatInBatch, now: Chat | undefined, [row]: readonly Row[]): Verdict {
  if (!now) return 'unknown'
  if (row && first && isIt(first, row)) return 'committed'
  return was ? 'failed' : 'unknown'
}

function isIt(event: KnownEvent, row: Row): boolean {
  const cells = eventCells(event)
  if (!cells) return 'message' in event && row.id === event.message.id
  return Object.keys(row).every((column) => row[column] === cells[column])
}

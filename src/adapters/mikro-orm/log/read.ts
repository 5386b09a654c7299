import type { ChatLog } from '../../../application/ports/log.ts'
import type { ChatId, MessageId, UserId } from '../../../domain/ids.ts'
import { isRead } from '../../../domain/receipt.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn, whole } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { eventOf, type Known, mentioned, NAMED, namedOf, type Payload } from './events.ts'

const MESSAGE: Readonly<Record<string, string>> = {
  id: 'uuid',
  chat_id: 'uuid',
  sender_id: 'uuid',
  n: 'int',
  client_message_id: 'text',
  body_hash: 'text',
  text: 'text',
  reply_to: 'uuid',
  version: 'int',
  edited_at: 'bigint',
  deleted_at: 'bigint',
  changed_seq: 'int',
}
const names = Object.keys(MESSAGE).join(', ')
const nothing = Object.entries(MESSAGE).map(([name, type]) => `cast(null as ${type}) as ${name}`)

/**
 * Both halves of the log in one statement, or an event between the two would be missing; order and limit in each of them, or
 * both would be read to their ends. What a deleted chat has left is nobody's log.
 */
const LOG = `select l.*, s.username as sender_username, s.name as sender_name from (
    select * from (select seq, at, 'message.sent' as type, sender_id as actor_id, cast(null as text) as payload, ${names} from messages
      where chat_id = $1 and seq > $2 order by seq limit $3) as sent
    union all
    select * from (select seq, at, type, actor_id, payload, ${nothing.join(', ')} from events
      where chat_id = $1 and seq > $2 order by seq limit $3) as told
    order by seq limit $3
  ) as l left join users s on s.id = l.sender_id
  where exists (select 1 from chats where id = $1) order by l.seq`

const LOWEST = 'select user_id, read_seq from members where chat_id = $1 order by read_seq limit 2'

/** Reads the log: a page in one statement, and names, texts and marks that its events mention in one more each. */
export function readingLog(database: Database): ChatLog['read'] {
  const query = queryOn(database)

  async function known(rows: readonly Row[], payloads: readonly Payload[]): Promise<Known> {
    const people = new Set(rows.flatMap((row, i) => mentioned(row.type as string, payloads[i]!)))
    const edited = new Set(rows.flatMap((row, i) => (row.type === 'message.edited' ? [payloads[i]!.messageId as string] : [])))
    const [named, texts] = await Promise.all([
      people.size === 0 ? [] : query(`select u.id, ${NAMED} from users u where ${query.among('u.id', 1)}`, [[...people]]),
      edited.size === 0 ? [] : query(`select id, text, version, edited_at from messages where ${query.among('id', 1)}`, [[...edited]]),
    ])
    return {
      people: new Map(named.map((row) => [row.id as UserId, namedOf(row, row.id as UserId)])),
      messages: new Map(
        texts.map(({ id, text, version, edited_at }) => [
          id as MessageId,
          { text: (text as string | null) ?? undefined, version: version as number, editedAt: edited_at as number },
        ]),
      ),
    }
  }

  async function marks(chatId: ChatId, rows: readonly Row[]) {
    const lowest = rows.some(({ type }) => type === 'message.sent') ? await query(LOWEST, [chatId]) : []
    return lowest.map(({ user_id, read_seq }) => ({ userId: user_id as UserId, readSeq: read_seq as number }))
  }

  return async (chatId, after, limit) => {
    if (!isUuid(chatId) || !(limit > 0)) return []
    const rows = await query(LOG, [chatId, whole(after), whole(limit)])
    const payloads = rows.map((row): Payload => (row.payload === null ? {} : JSON.parse(row.payload as string)))
    const [all, lowest] = await Promise.all([known(rows, payloads), marks(chatId, rows)])
    return rows.map((row, i) => {
      const event = eventOf(chatId, row, payloads[i]!, all)
      if (event.type !== 'message.sent') return event
      return { ...event, isRead: isRead({ seq: event.seq, senderId: event.message.sender.id }, lowest) }
    })
  }
}

import type { ChatLog } from '../../../application/ports/log.ts'
import type { ChatId, MessageId, Seq, UserId } from '../../../domain/ids.ts'
import { extrasOn } from '../chats/extras.ts'
import { listed, without } from '../database/columns.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn, whole } from '../database/query.ts'
import { contentOf, dataOf } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { tallyOf } from '../database/tally.ts'
import { lowestOn } from '../receipts/lowest.ts'
import type { Known, Payload } from './kind.ts'
import { eventOf, peopleOf, reactionsOf, tellsChat, textOf } from './kinds.ts'
import { NAMED, namedOf } from './rows.ts'

/** What a message's row has beside the columns that all events have. */
const MESSAGE = without('messages', ['seq', 'at', 'folded'])
const NOTHING = Object.entries(MESSAGE).map(([name, type]) => `cast(null as ${type}) as ${name}`)

/**
 * Both halves of the log in one statement, or an event between the two would be missing; order and limit in each of them, or
 * both would be read to their ends. What a deleted chat has left is in no log.
 */
const LOG = `select l.*, s.username as sender_username, s.name as sender_name from (
    select * from (select seq, at, 'message.sent' as type, sender_id as actor_id, cast(null as text) as payload, ${listed(MESSAGE)} from {messages}
      where chat_id = $1 and seq > $2 order by seq limit $3) as sent
    union all
    select * from (select seq, at, type, actor_id, payload, ${NOTHING.join(', ')} from {events}
      where chat_id = $1 and seq > $2 order by seq limit $3) as told
    order by seq limit $3
  ) as l left join {users} s on s.id = l.sender_id
  where exists (select 1 from {chats} where id = $1) order by l.seq`

/** Reads the log: a page in one statement, and names, texts and marks that its events mention in one more each. */
export function readingLog(database: Database): ChatLog['read'] {
  const query = queryOn(database)
  const lowest = lowestOn(database)
  const extras = extrasOn(database)
  const seqs = query.isPostgres ? '= any($2::int[])' : 'in (select value from json_each($2))'
  const tally = `select message_seq, changed_seq, sums from {reaction_sums} where chat_id = $1 and message_seq ${seqs}`

  async function known(chatId: ChatId, rows: readonly Row[], payloads: readonly Payload[]): Promise<Known> {
    const people = new Set(rows.flatMap((row, i) => peopleOf(row.type as string, payloads[i]!)))
    const texts = new Set(rows.flatMap((row, i) => textOf(row.type as string, payloads[i]!) ?? []))
    const reacted = rows.flatMap(
      (row, i) => reactionsOf(row.type as string, payloads[i]!) ?? (row.payload === null ? (row.seq as Seq) : []),
    )
    const [named, now, least, [chat], tallies] = await Promise.all([
      people.size === 0 ? [] : query(`select u.id, ${NAMED} from {users} u where ${query.among('u.id', 1)}`, [[...people]]),
      texts.size === 0
        ? []
        : query(`select id, text, content, version, edited_at from {messages} where chat_id = $2 and ${query.among('id', 1)}`, [
            [...texts],
            chatId,
          ]),
      rows.some(({ payload }) => payload === null) ? lowest.read([chatId]) : undefined,
      rows.some(({ type }) => tellsChat(type as string)) ? query('select data, description from {chats} where id = $1', [chatId]) : [],
      reacted.length === 0 ? [] : query(tally, [chatId, [...new Set(reacted)]]),
    ])
    return {
      people: new Map(named.map((row) => [row.id as UserId, namedOf(row, row.id as UserId)])),
      messages: new Map(
        now.map((row) => [
          row.id as MessageId,
          {
            text: (row.text as string | null) ?? undefined,
            content: contentOf(row),
            version: row.version as number,
            editedAt: row.edited_at as number,
          },
        ]),
      ),
      lowest: least?.get(chatId) ?? [],
      data: dataOf(chat?.data),
      description: (chat?.description as string | null | undefined) ?? undefined,
      reactions: new Map(tallies.map((row) => [row.message_seq as Seq, tallyOf(row)])),
    }
  }

  return async (chatId, after, limit) => {
    if (!isUuid(chatId) || !(limit > 0)) return []
    const rows = await extras.authors(await query(LOG, [chatId, whole(after), whole(limit)]))
    const payloads = rows.map(({ payload }): Payload => (payload === null ? {} : JSON.parse(payload as string)))
    const all = await known(chatId, rows, payloads)
    return rows.map((row, i) => eventOf(row, chatId, payloads[i]!, all))
  }
}

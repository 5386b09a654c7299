import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChatLog } from '../../../application/ports/log.ts'
import type { UserId } from '../../../domain/ids.ts'
import { type ReactionChange, summed, unnaming } from '../../../domain/reaction.ts'
import type { Database, Row, SqliteHandle } from '../database/connect.ts'
import { preparing } from '../database/preparing.ts'
import { patiently, type Query, queryOn } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { sumsText, tallyOf } from '../database/tally.ts'

/** Messages whose reactions are deleted, or changed, at once. */
export const TRACES_AT_ONCE = { postgres: 500, sqlite: 100 }

/** Deletes the reactions to a user's deleted messages and the user's own to those of others, and what events tell of them, piece by piece. */
export function erasingTraces(database: Database): ChatLog['eraseTraces'] {
  const query = queryOn(database)
  const limit = TRACES_AT_ONCE[database.dialect]
  const takeBack = database.dialect === 'postgres' ? onPostgres(query) : onSqlite(database.handle)

  async function clearDeleted(chatId: string, userId: string): Promise<void> {
    const messages = `select n, seq from {messages} where chat_id = $1 and sender_id = $2 and deleted_at is not null and n > $3 order by n limit ${limit}`
    const seqs = query.isPostgres ? '= any($2::int[])' : 'in (select value from json_each($2))'
    for (let n = 0; ; ) {
      const rows = await query(messages, [chatId, userId, n])
      if (rows.length === 0) return
      const places = rows.map((row) => row.seq as number)
      for (const table of ['reactions', 'reaction_sums'])
        await query.change(`delete from {${table}} where chat_id = $1 and message_seq ${seqs}`, [chatId, places])
      n = rows.at(-1)!.n as number
      await nextTurn()
    }
  }

  async function clearOwn(chatId: string, userId: UserId): Promise<void> {
    for (;;) {
      const rows = await query(`${OWN} limit ${limit}`, [chatId, userId])
      if (rows.length === 0) return
      await takeBack(
        chatId,
        userId,
        [...Map.groupBy(rows, (row) => row.message_seq as number)].map(([seq, own]) => without(seq, userId, own)),
      )
      await nextTurn()
    }
  }

  /** Also what was taken back, and what others have done in the same event. The event keeps its number. */
  async function clearTold(chatId: string, userId: UserId): Promise<void> {
    for (let seq = 0; ; ) {
      const rows = await query(TOLD(TOLD_AT_ONCE[database.dialect]), [chatId, seq, `%${userId}%`])
      if (rows.length === 0) return
      const told = rows.filter(({ payload }) => payload !== null)
      if (told.length > 0) await query.change(query.isPostgres ? RETELL.postgres : RETELL.sqlite, retelling(chatId, userId, told))
      seq = rows.at(-1)!.seq as number
      await nextTurn()
    }
  }

  return async ({ chatId, userId }) => {
    if (!isUuid(chatId) || !isUuid(userId)) return
    await clearDeleted(chatId, userId)
    // By their own reactions the chat is found again, whenever the process ends: these go last.
    await clearTold(chatId, userId)
    await clearOwn(chatId, userId)
  }
}

const OWN = `select r.message_seq, r.emoji, t.changed_seq, t.sums from {reactions} r
  left join {reaction_sums} t on t.chat_id = r.chat_id and t.message_seq = r.message_seq
  where r.chat_id = $1 and r.user_id = $2 order by r.message_seq`

/** Events that are looked at together. */
const TOLD_AT_ONCE = { postgres: 2_000, sqlite: 250 }
const TOLD = (limit: number) => `select seq, case when type = 'message.reacted' and payload like $3 then payload end as payload
  from {events} where chat_id = $1 and seq > $2 order by seq limit ${limit}`
const RETELL = {
  postgres: `update {events} e set payload = v.payload from unnest($2::int[], $3::text[]) as v (seq, payload) where e.chat_id = $1 and e.seq = v.seq`,
  sqlite: 'update {events} as e set payload = $3 ->> v.key from json_each($2) as v where e.chat_id = $1 and e.seq = v.value',
}

function retelling(chatId: string, userId: UserId, told: readonly Row[]) {
  const payloads = told.map(({ payload }) => {
    const { changes, ...rest } = JSON.parse(payload as string)
    return JSON.stringify({ ...rest, changes: unnaming(changes, userId) })
  })
  return [chatId, told.map(({ seq }) => seq as number), payloads]
}

/** The sums of a message before and after: what was changed meanwhile is left for the next piece. */
interface Change {
  readonly seq: number
  readonly before: string
  readonly after: string
}

function without(seq: number, userId: UserId, own: readonly Row[]): Change {
  const before = own[0]!.sums as string
  const changes = own.map((row): ReactionChange => ({ emoji: row.emoji as string, on: false, userIds: [userId] }))
  return { seq, before, after: sumsText({ sums: summed(tallyOf(own[0]!).sums, changes) }) }
}

type TakeBack = (chatId: string, userId: UserId, changes: readonly Change[]) => Promise<void>

/** The lock of the chat keeps out batches that have read the sums; those that come later see what is written here. */
const onPostgres =
  (query: Query): TakeBack =>
  async (chatId, userId, changes) => {
    await query(TAKE_BACK, [
      chatId,
      userId,
      changes.map(({ seq }) => seq),
      changes.map(({ before }) => before),
      changes.map(({ after }) => after),
    ])
  }

const TAKE_BACK = `with held as materialized (select id from {chats} where id = $1 for no key update),
  changed as (update {reaction_sums} t set sums = v.later from unnest($3::int[], $4::text[], $5::text[]) as v (seq, earlier, later), held
    where t.chat_id = held.id and t.message_seq = v.seq and t.sums = v.earlier returning t.message_seq)
  delete from {reactions} r using changed where r.chat_id = $1 and r.user_id = $2 and r.message_seq = changed.message_seq returning 1`

function onSqlite(handle: SqliteHandle): TakeBack {
  const { inTransaction, write } = preparing(handle)
  const take = (chatId: string, userId: UserId, { seq, before, after }: Change): void => {
    const changed = write('update {reaction_sums} set sums = :after where chat_id = :chat and message_seq = :seq and sums = :before', {
      chat: chatId,
      seq,
      before,
      after,
    })
    if (changed > 0)
      write('delete from {reactions} where chat_id = :chat and user_id = :user and message_seq = :seq', { chat: chatId, user: userId, seq })
  }
  return (chatId, userId, changes) =>
    patiently(() =>
      inTransaction(() => {
        for (const change of changes) take(chatId, userId, change)
      }),
    )
}

import type { Consumers, DeadPosition } from '../../../application/ports/consumers.ts'
import type { ChatId } from '../../../domain/ids.ts'
import type { Database } from '../database/connect.ts'
import { pageOf, placed } from '../database/page.ts'
import { type Query, queryOn, time, whole } from '../database/query.ts'
import { goneLast } from '../database/retention.ts'
import { isUuid } from '../database/schema.ts'
import { movingCursors } from './cursors.ts'
import { findingChats } from './finding.ts'
import { consumerOf, deadOf, nowOf, written } from './rows.ts'
import { transactionalOn } from './transactions.ts'

export function mikroOrmConsumers(database: Database): Consumers {
  const query = queryOn(database)
  const now = nowOf(query)
  const one = (id: string) => query('select * from {consumers} where id = $1', [id])
  return {
    ...registry(query, now),
    ...movingCursors(database),
    ...deadRanges(query),
    ...findingChats(query),
    inTransaction: transactionalOn(database),

    async get(id) {
      const [row] = isUuid(id) ? await one(id) : []
      return row && consumerOf(row)
    },
    async hold(name, node, length) {
      const text = `insert into {leases} (name, node, until) values ($1, $2, ${now} + $3) on conflict (name) do update
        set node = excluded.node, until = excluded.until where {leases}.node = excluded.node or {leases}.until <= ${now}`
      return (await query.change(text, [name, node, length])) > 0
    },
    async release(node) {
      await query.change('delete from {leases} where node = $1', [node])
    },

    async rewind(consumerId, chatId, seq) {
      if (!isUuid(consumerId) || !isUuid(chatId)) return
      const id = query.isPostgres ? '$2::uuid' : '$2'
      const int = query.isPostgres ? '$3::int' : '$3'
      await query.change(
        `insert into {cursors} (consumer_id, chat_id, generation, seq, attempts, counted) select id, ${id}, generation, ${int}, 0, 0 from {consumers}
         where id = $1 on conflict (consumer_id, chat_id) do update set generation = excluded.generation, seq = excluded.seq, to_seq = null,
         types = null, attempts = 0, counted = 0, due_at = null, error = null`,
        [consumerId, chatId, whole(seq)],
      )
      await query.change('update {consumers} set revision = revision + 1 where id = $1', [consumerId])
    },
    async forget(age) {
      const old = `select chat_id from {deleted_chats} where at < ${now} - $1 order by at limit 1000`
      const rows = await query(old, [age])
      const ids = rows.map((row) => row.chat_id as string)
      if (ids.length === 0) return 0
      // The deletion itself comes last: what fails halfway is found again.
      for (const table of goneLast.toSorted((a, b) => Number(a === 'deleted_chats') - Number(b === 'deleted_chats')))
        await query.change(`delete from {${table}} where ${query.among('chat_id', 1)}`, [ids])
      return ids.length
    },
  }
}

function registry(query: Query, now: string): Pick<Consumers, 'list' | 'add' | 'change' | 'remove' | 'report'> {
  const typed = (n: number, type: string) => (query.isPostgres ? `$${n}::${type}` : `$${n}`)
  return {
    list: async () => (await query('select * from {consumers} order by id', [])).map(consumerOf),
    async add({ id, kind, name, settings, lag, from }) {
      const text = `insert into {consumers} (id, kind, name, settings, lag_ms, from_at, generation, revision, state, behind, created_at)
        values ($1, $2, $3, $4, $5, coalesce(${typed(6, 'bigint')}, ${now}), 0, 0, 'ok', 0, ${now}) on conflict (name) do nothing`
      return (await query.change(text, [id, kind, name, written(settings)!, lag, from === undefined ? null : time(from)])) > 0
    },
    async change(id, { settings, state, replayFrom }) {
      if (!isUuid(id)) return false
      const text = `update {consumers} set revision = revision + 1, settings = coalesce(${typed(2, 'text')}, settings),
        state = coalesce(${typed(3, 'text')}, state), from_at = coalesce(${typed(4, 'bigint')}, from_at),
        generation = generation + case when ${typed(4, 'bigint')} is null then 0 else 1 end where id = $1`
      const from = replayFrom === undefined ? null : time(replayFrom)
      return (await query.change(text, [id, written(settings), state ?? null, from])) > 0
    },
    async remove(id) {
      if (!isUuid(id)) return false
      const [gone] = await query.together([
        ['delete from {consumers} where id = $1', [id]],
        ...['cursors', 'dead'].map((table) => [`delete from {${table}} where consumer_id = $1`, [id]] as const),
        ['delete from {leases} where name = $1', [id]],
      ])
      return gone! > 0
    },
    async report(id, { state, failingFor, succeededAgo, behind, lastError }) {
      const text = `update {consumers} set state = $2, behind = $3, last_error = $4,
        failing_since = case when ${typed(2, 'text')} = 'failing' then coalesce(failing_since, ${now} - ${typed(5, 'bigint')}) end,
        last_success_at = coalesce(${now} - ${typed(6, 'bigint')}, last_success_at) where id = $1 and state <> 'off'`
      const ago = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms))
      await query.change(text, [id, state, whole(behind), lastError ?? null, Math.round(failingFor ?? 0), ago(succeededAgo)])
    },
  }
}

function deadRanges(query: Query): Pick<Consumers, 'dead' | 'revive' | 'revived' | 'settle'> {
  const position = ({ chat_id, from_seq }: { readonly [name: string]: unknown }): DeadPosition => ({
    chatId: chat_id as ChatId,
    from: from_seq as number,
  })
  return {
    async dead(consumerId, window) {
      const { from, limit, count } = window
      const text = `select * from {dead} where consumer_id = $1 and (chat_id, from_seq) > ($2, $3) order by chat_id, from_seq limit $4`
      const rows = await query(text, [consumerId, placed(from?.chatId ?? ''), whole(from?.from ?? -1), limit + 1])
      const page = pageOf(rows, window, { item: deadOf, position })
      if (!count) return page
      const [all] = await query('select count(*) as total from {dead} where consumer_id = $1', [consumerId])
      return { ...page, total: Number(all!.total) }
    },
    async revive(consumerId) {
      await query.change(`update {dead} set is_due = ${query.isPostgres ? 'true' : '1'} where consumer_id = $1`, [consumerId])
      await query.change('update {consumers} set revision = revision + 1 where id = $1', [consumerId])
    },
    async revived(consumerId, limit) {
      const rows = await query('select * from {dead} where consumer_id = $1 and is_due order by chat_id, from_seq limit $2', [
        consumerId,
        limit,
      ])
      return rows.map(deadOf)
    },
    async settle(consumerId, { chatId, from }, error) {
      const key = [consumerId, chatId, whole(from)]
      if (error === undefined) await query.change('delete from {dead} where consumer_id = $1 and chat_id = $2 and from_seq = $3', key)
      else
        await query.change(
          `update {dead} set error = $4, is_due = ${query.isPostgres ? 'false' : '0'} where consumer_id = $1 and chat_id = $2 and from_seq = $3`,
          [...key, error],
        )
    },
  }
}

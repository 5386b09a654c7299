import type { ChatId, Seq, UserId } from '../../../domain/ids.ts'
import { isRead, type LowestMarks, readByOthers } from '../../../domain/receipt.ts'
import type { Database, Row } from '../database/connect.ts'
import { type Query, queryOn } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

/** Chats above this size are remembered: in smaller ones looking at all members costs as little. */
export const LARGE = 100
const REMEMBERED = 10_000
/** Stands for what is read of a large chat by `lowest`: looking at all its members for each row would cost more than the rows. */
export const ASK = -1

/**
 * The two members of a large chat who were seen to have read least. Marks only grow, and who joins has read everything: as long as these two
 * still have their marks, they are the lowest, and nobody else needs to be looked at.
 */
export interface Lowest {
  of(chatId: ChatId): LowestMarks
  keep(chatId: ChatId, members: number, lowest: LowestMarks): void
  read(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, LowestMarks>>
  /** Rows of messages, with `is_read` where it was left open. */
  messages(rows: readonly Row[]): Promise<readonly Row[]>
  /** Rows of a viewer's chats, with `read_by_others` where it was left open; `id` is the column that names the chat. */
  chats(rows: readonly Row[], viewer: UserId, id: string): Promise<readonly Row[]>
}

/** The same for all who use a database. */
export function lowestOn(database: Database): Lowest {
  let lowest = all.get(database)
  if (!lowest) all.set(database, (lowest = lowestMarks(queryOn(database))))
  return lowest
}
const all = new WeakMap<Database, Lowest>()

function lowestMarks(query: Query): Lowest {
  const known = new Map<ChatId, LowestMarks>()
  const of = (chatId: ChatId): LowestMarks => known.get(chatId) ?? []
  const find = query.isPostgres ? onPostgres(query, of) : onSqlite(query, of)

  function keep(chatId: ChatId, members: number, lowest: LowestMarks): void {
    known.delete(chatId)
    if (members <= LARGE) return
    known.set(chatId, lowest)
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
  }

  async function read(chatIds: readonly ChatId[]): Promise<ReadonlyMap<ChatId, LowestMarks>> {
    const asked = [...new Set(chatIds)].filter(isUuid)
    const found = Map.groupBy(asked.length === 0 ? [] : await find(asked), ({ chat_id }) => chat_id as ChatId)
    return new Map(
      [...found].map(([chatId, rows]) => {
        const lowest = lowestOf(rows)
        keep(chatId, rows[0]!.member_n as number, lowest)
        return [chatId, lowest]
      }),
    )
  }

  return {
    of,
    keep,
    read,
    async messages(rows) {
      const marks = await read(rows.flatMap((row) => (row.is_read === ASK ? [row.chat_id as ChatId] : [])))
      if (marks.size === 0) return rows
      return rows.map((row) => {
        if (row.is_read !== ASK) return row
        const message = { seq: row.seq as Seq, senderId: row.sender_id as UserId }
        return { ...row, is_read: isRead(message, marks.get(row.chat_id as ChatId) ?? []) ? 1 : 0 }
      })
    },
    async chats(rows, viewer, id) {
      const marks = await read(rows.flatMap((row) => (row.read_by_others === ASK ? [row[id] as ChatId] : [])))
      if (marks.size === 0) return rows
      return rows.map((row) =>
        row.read_by_others === ASK ? { ...row, read_by_others: readByOthers(viewer, marks.get(row[id] as ChatId) ?? []) ?? null } : row,
      )
    },
  }
}

/** Least first. */
export const lowestOf = (rows: readonly Row[]): LowestMarks =>
  rows.map(({ user_id, read_seq }) => ({ userId: user_id as UserId, readSeq: read_seq as Seq })).toSorted((a, b) => a.readSeq - b.readSeq)

/** Of rows `v`: those known, if both still stand; else those found. */
export const least = (
  rows: string,
  columns = '',
  from = '',
) => `select v.chat_id, l.user_id, l.read_seq${columns} from ${rows}${from} cross join lateral (
    with known as (
      select m.user_id, m.read_seq from {members} m where m.chat_id = v.chat_id and m.user_id = v.first and m.read_seq = v.first_seq
      union all
      select m.user_id, m.read_seq from {members} m where m.chat_id = v.chat_id and m.user_id = v.second and m.read_seq = v.second_seq
    )
    select user_id, read_seq from known where (select count(*) from known) = 2
    union all
    select * from (select m.user_id, m.read_seq from {members} m where m.chat_id = v.chat_id order by m.read_seq limit 2) as found
    limit 2
  ) as l`

type Find = (chatIds: readonly ChatId[]) => Promise<readonly Row[]>
const NOBODY = { userId: '00000000-0000-0000-0000-000000000000' as UserId, readSeq: -1 }

function onPostgres(query: Query, of: Lowest['of']): Find {
  const text = least(
    'unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::int[]) as v (chat_id, first, first_seq, second, second_seq)',
    ', c.member_n',
    ' cross join lateral (select member_n from {chats} where id = v.chat_id offset 0) as c',
  )
  return (chatIds) => {
    const two = chatIds.map((chatId) => [of(chatId)[0] ?? NOBODY, of(chatId)[1] ?? NOBODY] as const)
    const column = (i: 0 | 1) => [two.map((marks) => marks[i].userId), two.map((marks) => marks[i].readSeq)] as const
    return query(text, [chatIds, ...column(0), ...column(1)])
  }
}

function onSqlite(query: Query, of: Lowest['of']): Find {
  const columns =
    'select m.chat_id, m.user_id, m.read_seq, c.member_n from {members} m join {chats} c on c.id = m.chat_id where m.chat_id = $1'
  const standing = `${columns} and (m.user_id = $2 and m.read_seq = $3 or m.user_id = $4 and m.read_seq = $5)`
  return async (chatIds) => {
    const rows: Row[] = []
    for (const chatId of chatIds) {
      const [first, second] = of(chatId)
      const known = first && second ? await query(standing, [chatId, first.userId, first.readSeq, second.userId, second.readSeq]) : []
      rows.push(...(known.length === 2 ? known : await query(`${columns} order by m.read_seq limit 2`, [chatId])))
    }
    return rows
  }
}

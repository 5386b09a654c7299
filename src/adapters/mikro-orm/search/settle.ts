import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { UserId } from '../../../domain/ids.ts'
import type { Database, PostgresDatabase, Row, SqliteHandle, Value } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { LARGE } from '../receipts/lowest.ts'
import { BLOCK, gramWord } from './blocks.ts'
import { gramsOf, signatureOf } from './grams.ts'

/** Hears of a viewer of whose chats so many had to be looked at one by one. */
export type Settle = (viewer: UserId, loose: number) => void

/** Whoever has no more chats than this costs nobody anything. */
const FEW = 64
/** Chats that are settled in one transaction: who writes there meanwhile waits. */
const AT_ONCE = { postgres: 64, sqlite: 8 }
/** Longer chats are searched by their blocks. */
const SHORT = 2 * BLOCK
/** Grams of one pack: more would set so many bits of its signature that it rules out little. */
const FULL = 6_000
const REMEMBERED = 10_000

/** A pack of grams of chats that a viewer need not look through one by one, as it fills. */
interface Pack {
  readonly number: number
  readonly grams: Set<number>
  isKept: boolean
}
/** Chats as they are while they are held, and where each goes. */
interface Settled {
  readonly chatId: string
  readonly at: number
  readonly pack: number | null
}

/**
 * Settles the chats of people who have very many, in the background, one person after another: notes of each when its last message was sent and
 * which grams its texts have. That holds until somebody writes there; the statement that does takes it back, for all members in the same
 * transaction, and touches nothing where nobody has noted anything. Large groups are left alone: they would have too much to take back. When a text
 * goes, each pack that its grams are in is spoilt, whether the chat is still of that pack or not: see the migration `0018-packed`.
 */
export function settling(database: Database): Settle {
  const query = queryOn(database)
  const settle = database.dialect === 'sqlite' ? onSqlite(database.handle) : onPostgres(database)
  /** What was left over after the last time. */
  const left = new LRUCache<UserId, number>({ max: REMEMBERED })
  let isBusy = false

  async function settleAll(viewer: UserId): Promise<void> {
    await query.change(SPOILT, [viewer])
    await query.change(UNUSED, [viewer])
    const [last] = await query('select coalesce(max(pack), 0) as pack from {search_packs} where user_id = $1', [viewer])
    const packs: Pack[] = [{ number: (last!.pack as number) + 1, grams: new Set(), isKept: false }]
    for (;;) {
      const rows = await query(NEXT, [viewer, AT_ONCE[database.dialect]])
      if (rows.length === 0) return
      await settle(
        viewer,
        rows.map((row) => row.chat_id as string),
        packs,
      )
      await nextTurn()
    }
  }

  async function work(viewer: UserId): Promise<void> {
    isBusy = true
    try {
      await settleAll(viewer)
      const [row] = await query(`select count(*) as loose from {search_places} where user_id = $1 and settled_at is null`, [viewer])
      left.set(viewer, row!.loose as number)
    } catch {
      // Without it reading costs more and is as right: the next time tries again.
    } finally {
      isBusy = false
    }
  }

  return (viewer, loose) => {
    if (!isBusy && loose > FEW + (left.get(viewer) ?? 0)) void work(viewer)
  }
}

/** A text of one of their chats is gone: they are packed anew. */
const SPOILT = `update {search_places} set settled_at = null, pack = null where user_id = $1
  and pack in (select k.pack from {search_packs} k where k.user_id = $1 and k.is_spoilt)`
const UNUSED = `delete from {search_packs} where user_id = $1
  and not exists (select 1 from {search_places} p where p.user_id = $1 and p.pack = {search_packs}.pack)`
const NEXT = `select p.chat_id from {search_places} p join {chats} c on c.id = p.chat_id
  where p.user_id = $1 and p.settled_at is null and c.member_n <= ${LARGE} order by p.chat_id limit $2`

/** Puts short chats into packs, a new one where the last is full. Answers which packs have to be written. */
function pack(chats: readonly Row[], texts: readonly Row[], packs: Pack[]): { settled: Settled[]; touched: ReadonlySet<Pack> } {
  const ofChat = Map.groupBy(texts, (row) => row.chat_id as string)
  const touched = new Set<Pack>()
  const settled = chats.map(({ id, last_message_at, head_n }): Settled => {
    const chat = { chatId: id as string, at: last_message_at as number }
    if ((head_n as number) > SHORT) return { ...chat, pack: null }
    const grams = gramsOf((ofChat.get(chat.chatId) ?? []).map((row) => row.folded as string))
    let last = packs.at(-1)!
    if (last.grams.size > 0 && last.grams.size + grams.size > FULL)
      packs.splice(0, 1, (last = { number: last.number + 1, grams: new Set(), isKept: false }))
    for (const gram of grams) last.grams.add(gram)
    touched.add(last)
    return { ...chat, pack: last.number }
  })
  return { settled, touched }
}

type SettleSome = (viewer: UserId, chatIds: readonly string[], packs: Pack[]) => Promise<void>

/** The locks on the chats keep writers out between reading the texts and being settled, where the triggers find them. */
function onPostgres({ pool, patienceMs }: PostgresDatabase): SettleSome {
  return async (viewer, chatIds, packs) => {
    const client = await pool.connect()
    const ask = async (name: string, text: string, ...values: readonly unknown[]) =>
      (await client.query({ name: `settle-${name}`, text, values, query_timeout: patienceMs })).rows
    let isBroken = true
    try {
      await client.query('begin')
      const chats = await ask('lock', POSTGRES.lock, chatIds)
      const short = chats.filter(({ head_n }) => (head_n as number) <= SHORT).map(({ id }) => id)
      const { settled, touched } = pack(chats, await ask('texts', POSTGRES.texts, short), packs)
      for (const one of touched) {
        const way = one.isKept ? 'again' : 'keep'
        const written = await ask(way, POSTGRES[way], viewer, one.number, Buffer.from(signatureOf(one.grams).buffer))
        if (written.length === 0) throw new Error('a pack is gone')
        one.isKept = true
      }
      const ids = settled.map(({ chatId }) => chatId)
      const numbers = settled.map((one) => one.pack)
      await ask('packed', POSTGRES.packed, viewer, ids, numbers)
      await ask(
        'places',
        POSTGRES.places,
        viewer,
        ids,
        settled.map(({ at }) => at),
        numbers,
      )
      await ask('chats', POSTGRES.chats, ids)
      await client.query('commit')
      isBroken = false
    } finally {
      client.release(isBroken)
    }
  }
}

const POSTGRES = {
  lock: `select id, last_message_at, head_n from {chats} where id = any ($1::uuid[]) order by id for no key update`,
  texts: 'select chat_id, folded from {messages} where chat_id = any ($1::uuid[]) and folded is not null',
  keep: 'insert into {search_packs} (user_id, pack, signature) values ($1, $2, $3) returning pack',
  again: 'update {search_packs} set signature = $3 where user_id = $1 and pack = $2 and not is_spoilt returning pack',
  packed: `insert into {search_packed} (chat_id, user_id, pack) select v.chat_id, $1::uuid, v.pack
    from unnest($2::uuid[], $3::int[]) as v (chat_id, pack) where v.pack is not null on conflict do nothing`,
  places: `update {search_places} p set settled_at = v.at, pack = v.pack from unnest($2::uuid[], $3::bigint[], $4::int[]) as v (chat_id, at, pack)
    where p.user_id = $1 and p.chat_id = v.chat_id`,
  chats: 'update {chats} set is_settled = true where id = any ($1::uuid[]) and is_settled is not true',
}

function onSqlite(handle: SqliteHandle): SettleSome {
  const all = (text: string, ...values: readonly Value[]) => handle.prepare(text).all(numbered(values))
  const run = (text: string, ...values: readonly Value[]) => handle.prepare(text).run(numbered(values))
  return async (viewer, chatIds, packs) => {
    if (handle.inTransaction) throw new Error('another transaction has the handle')
    handle.exec('begin immediate')
    try {
      const chats = chatIds.flatMap((id) => all('select id, last_message_at, head_n from {chats} where id = $1', id))
      const texts = chats.flatMap(({ id, head_n }) =>
        (head_n as number) <= SHORT
          ? all('select chat_id, folded from {messages} where chat_id = $1 and folded is not null', id as string)
          : [],
      )
      const { settled, touched } = pack(chats, texts, packs)
      for (const one of touched) {
        const [kept] = all(one.isKept ? SQLITE.again : SQLITE.keep, viewer, one.number)
        if (!kept) throw new Error('a pack is gone')
        run('delete from {search_pack_grams} where rowid = $1', kept.row as number)
        run('insert into {search_pack_grams} (rowid, grams) values ($1, $2)', kept.row as number, Array.from(one.grams, gramWord).join(' '))
        one.isKept = true
      }
      for (const { chatId, at, pack } of settled) {
        if (pack !== null) run('insert or ignore into {search_packed} (chat_id, user_id, pack) values ($1, $2, $3)', chatId, viewer, pack)
        run('update {search_places} set settled_at = $3, pack = $4 where user_id = $1 and chat_id = $2', viewer, chatId, at, pack)
        run('update {chats} set is_settled = 1 where id = $1', chatId)
      }
      handle.exec('commit')
    } catch (error) {
      if (handle.inTransaction) handle.exec('rollback')
      throw error
    }
  }
}

const SQLITE = {
  keep: 'insert into {search_packs} (user_id, pack) values ($1, $2) returning row',
  again: 'select row from {search_packs} where user_id = $1 and pack = $2 and not is_spoilt',
}

const numbered = (values: readonly Value[]) => Object.fromEntries(values.map((value, i) => [i + 1, value]))

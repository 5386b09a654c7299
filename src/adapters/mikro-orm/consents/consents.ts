import { type BlockPosition, type Circle, type Consents, SHUNNED } from '../../../application/ports/consents.ts'
import { BLOCKS_LIMIT } from '../../../domain/consent.ts'
import { BLOCKED } from '../../../domain/guard.ts'
import { pairKey, type UserId } from '../../../domain/ids.ts'
import type { Database } from '../database/connect.ts'
import { counted, pageOf, placed } from '../database/page.ts'
import { privacyOf } from '../database/privacy.ts'
import { type Query, queryOn, time, whole } from '../database/query.ts'
import { personOf, STRANGER } from '../database/rows.ts'
import { isUuid } from '../database/schema.ts'
import { areKnown } from '../database/seeing.ts'

const THEIRS = 'from {blocks} b join {users} u on u.id = b.blocked_id where b.user_id = $1 and u.erased_at is null'
const LIST = `select b.at, ${STRANGER}, 1 as is_blocked ${THEIRS}`

export function mikroOrmConsents(database: Database): Consents {
  const query = queryOn(database)
  const [lock, uuid, big] = query.isPostgres ? ['for no key update', '::uuid', '::bigint'] : ['', '', '']
  /** Locked first: what is looked at is read in a later statement, which sees what the last holder of the lock committed. */
  const recompute = (one: UserId, other: UserId) => {
    const key = pairKey(one, other)
    return query.together([
      ...(lock === '' ? [] : [[`select id from {chats} where key = $1 ${lock}`, [key]] as const]),
      [RECOMPUTE, [key, one, other]],
    ])
  }
  return {
    ...circles(query),
    async block(userId, blockedId, at) {
      if (!isUuid(userId) || !isUuid(blockedId)) return 'blocked'
      const insert = `insert into {blocks} (user_id, blocked_id, at) select $1${uuid}, $2${uuid}, $3${big}
        where (select count(*) from {blocks} b where b.user_id = $1${uuid}) < ${BLOCKS_LIMIT} on conflict (user_id, blocked_id) do nothing`
      if ((await query.change(insert, [userId, blockedId, time(at)])) === 0) {
        const [known] = await query('select 1 as found from {blocks} where user_id = $1 and blocked_id = $2', [userId, blockedId])
        if (!known) return 'full'
      }
      // The row is committed before: whoever opens the chat from now on sees it.
      await recompute(userId, blockedId)
      return 'blocked'
    },
    async unblock(userId, blockedId) {
      if (!isUuid(userId) || !isUuid(blockedId)) return
      await query.change('delete from {blocks} where user_id = $1 and blocked_id = $2', [userId, blockedId])
      await recompute(userId, blockedId)
    },
    async blocked(userId, window) {
      const { from } = window
      const behind = from ? 'and (b.at, b.blocked_id) < ($3, $4)' : ''
      const parameters = [userId, whole(window.limit) + 1, ...(from ? [time(from.at), placed(from.id)] : [])]
      const rows = await query(`${LIST} ${behind} order by b.at desc, b.blocked_id desc limit $2`, parameters)
      const position = (row: (typeof rows)[number]): BlockPosition => ({ at: row.at as number, id: row.user_id as UserId })
      return counted(pageOf(rows, window, { item: personOf, position }), window, () =>
        query(`select count(*) as total ${THEIRS}`, [userId]),
      )
    },
    async stayOut(userId, chatId, since) {
      if (!isUuid(userId) || !isUuid(chatId)) return
      const insert = `insert into {stay_outs} (chat_id, user_id, at) select c.id, $2${uuid}, $3${big} from {chats} c where c.id = $1
        on conflict (chat_id, user_id) do nothing`
      if (since === undefined) await query.change('delete from {stay_outs} where chat_id = $1 and user_id = $2', [chatId, userId])
      else await query.change(insert, [chatId, userId, time(since)])
    },
    async privacyOf(userId) {
      const [row] = isUuid(userId) ? await query('select privacy from {users} where id = $1', [userId]) : []
      return privacyOf(row?.privacy)
    },
    async setPrivacy(userId, { write, add, lastSeen }) {
      const text = JSON.stringify({ write, add, lastSeen })
      await query.change('update {users} set privacy = $2 where id = $1 and erased_at is null', [userId, text])
    },
  }
}

const RECOMPUTE = `update {chats} set guard = case when exists (select 1 from {blocks} b where (b.user_id = $2 and b.blocked_id = $3)
  or (b.user_id = $3 and b.blocked_id = $2)) then guard | ${BLOCKED} else guard & ~${BLOCKED} end where key = $1`

function circles(query: Query): Pick<Consents, 'circles' | 'areKnown'> {
  return {
    async circles(userIds) {
      const known = userIds.filter(isUuid)
      if (known.length === 0) return new Map()
      const [users, mine, theirs] = await Promise.all([
        query(`select id, privacy from {users} where ${query.among('id', 1)} and privacy is not null`, [known]),
        query(`select user_id, blocked_id from {blocks} where ${query.among('user_id', 1)}`, [known]),
        query(`select user_id, blocked_id from {blocks} where ${query.among('blocked_id', 1)} limit ${SHUNNED}`, [known]),
      ])
      const hidden = new Set(users.filter(({ privacy }) => privacyOf(privacy).lastSeen === 'nobody').map(({ id }) => id as UserId))
      return new Map(
        known.map((id): [UserId, Circle] => {
          const blocked = mine.filter(({ user_id }) => user_id === id).map(({ blocked_id }) => blocked_id as UserId)
          const blockedBy = theirs.filter(({ blocked_id }) => blocked_id === id).map(({ user_id }) => user_id as UserId)
          return [id, { blocked, blockedBy, isHidden: hidden.has(id) || theirs.length === SHUNNED }]
        }),
      )
    },
    async areKnown(one, other) {
      if (!isUuid(one) || !isUuid(other)) return false
      const [row] = await query(KNOWN, [one, other])
      return row!.known === 1
    },
  }
}
const KNOWN = `select case when ${areKnown('$1', '$2')} then 1 else 0 end as known`

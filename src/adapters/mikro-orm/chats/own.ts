import type { OwnChange, Owned, OwnStates } from '../../../application/ports/own.ts'
import type { MyChat } from '../../../application/ports/views.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import { PINS_LIMIT } from '../../../domain/own.ts'
import type { Database, Row } from '../database/connect.ts'
import { type Parameter, queryOn, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'

/** Whether a chat `c` is archived by its member `me`. A message ends that. */
export const IS_ARCHIVED = 'me.archived_n is not null and me.archived_n = c.head_n'
/** Whether a chat has appeared to its member `me`. */
export const IS_SHOWN = '(me.shown_at is null or me.shown_at > 0)'
const flag = (condition: string, name: string) => `case when ${condition} then 1 else 0 end as ${name}`
/** The columns of `members` that `mine` looks at, beside those of all members. */
export const OWN_OF = 'archived_n, hidden_n, pinned_at, is_marked_unread, muted_until'
/** What a chat `c` is to its member. */
export const mine = (me: 'me' | 'c') => `${me}.role, ${me}.joined_at, ${me}.read_seq, ${me}.pinned_at, ${me}.muted_until,
  ${flag(IS_ARCHIVED.replaceAll('me.', `${me}.`), 'is_archived')}, ${flag(`${me}.hidden_n = c.head_n`, 'is_hidden')},
  ${flag(`${me}.is_marked_unread`, 'is_marked_unread')}`

export const mineOf = (row: Row): MyChat => ({
  role: row.role as MyChat['role'],
  joinedAt: row.joined_at as number,
  readSeq: row.read_seq as number,
  mutedUntil: (row.muted_until as number | null) ?? undefined,
  pinnedAt: (row.pinned_at as number | null) ?? undefined,
  isArchived: row.is_archived === 1,
  isHidden: row.is_hidden === 1,
  isMarkedUnread: row.is_marked_unread === 1,
})

const SELECT = `select me.user_id, me.chat_id, me.own_at, c.head_seq, ${mine('me')} from {members} me join {chats} c on c.id = me.chat_id`
const ownedOf = (row: Row): Owned => ({
  userId: row.user_id as UserId,
  chatId: row.chat_id as ChatId,
  me: mineOf(row),
  at: (row.own_at as number | null) ?? 0,
  head: row.head_seq as number,
})

const HEAD = '(select head_n from {chats} where id = $1)'
const PINNED = '(select count(*) from {members} x where x.user_id = $2 and x.pinned_at is not null)'
/** A column, what it becomes, and where that is a change. */
type Step = readonly [column: string, value: string, differs: string]
const PIN: Step = ['pinned_at', 'coalesce(pinned_at, $3)', 'pinned_at is null']
const UNPIN: Step = ['pinned_at', 'null', 'pinned_at is not null']
const ARCHIVE: Step = ['archived_n', HEAD, `(archived_n is null or archived_n <> ${HEAD})`]
const UNARCHIVE: Step = ['archived_n', 'null', `archived_n = ${HEAD}`]
const MARK: Step = ['is_marked_unread', 'true', 'is_marked_unread is not true']
const UNMARK: Step = ['is_marked_unread', 'null', 'is_marked_unread is true']
const HIDE: Step = ['hidden_n', HEAD, `(hidden_n is null or hidden_n <> ${HEAD})`]

function stepsOf({ pinned, archived, markedUnread, hide }: OwnChange): readonly Step[] {
  const steps: Step[] = []
  if (pinned !== undefined) steps.push(pinned ? PIN : UNPIN)
  if (archived !== undefined) steps.push(archived ? ARCHIVE : UNARCHIVE)
  if (markedUnread !== undefined) steps.push(markedUnread ? MARK : UNMARK)
  if (hide) steps.push(HIDE)
  return steps
}

function textOf({ pinned, hide }: OwnChange, steps: readonly Step[]): string {
  const set = steps.map(([column, value]) => `${column} = ${value}`)
  const differs = steps.map(([, , condition]) => condition)
  return `update {members} set ${set.join(', ')}, own_at = case when own_at >= $3 then own_at + 1 else $3 end
    where chat_id = $1 and user_id = $2 and (${differs.join(' or ')})
    ${pinned ? `and (pinned_at is not null or ${PINNED} < ${PINS_LIMIT})` : ''}
    ${hide ? `and exists (select 1 from {chats} where id = $1 and kind = 'private')` : ''}`
}

const SHOW = 'update {members} set shown_at = $3, hidden_n = null where chat_id = $1 and user_id = $2 and shown_at = 0'

/** Devices that pin at the same time count one after the other; on SQLite all changes do. */
const LOCK_USER = 'select 1 from {users} where id = $1 for no key update'

export function mikroOrmOwn(database: Database): OwnStates {
  const query = queryOn(database)
  const one = async (chatId: ChatId, userId: UserId): Promise<Owned | undefined> => {
    const [row] = await query(`${SELECT} where me.chat_id = $1 and me.user_id = $2`, [chatId, userId])
    return row && ownedOf(row)
  }
  return {
    async change({ chatId, userId, at }, change) {
      if (!isUuid(chatId) || !isUuid(userId)) return undefined
      const steps = stepsOf(change)
      const parameters: readonly Parameter[] = [chatId, userId, time(at)]
      const text = textOf(change, steps)
      const lock = query.isPostgres && change.pinned ? [[LOCK_USER, [userId]] as const] : []
      const changed = steps.length === 0 ? 0 : (await query.together([...lock, [text, parameters]])).at(-1)!
      const now = await one(chatId, userId)
      if (!now) return undefined
      if (change.pinned && now.me.pinnedAt === undefined) return 'pins-full'
      return { ...now, moved: changed > 0 }
    },
    async show({ chatId, userId, at }) {
      return isUuid(chatId) && isUuid(userId) && (await query.change(SHOW, [chatId, userId, time(at)])) > 0
    },
    get: async (chatId, userId) => (isUuid(chatId) && isUuid(userId) ? one(chatId, userId) : undefined),
    async since(userIds, since) {
      const rows = await query(`${SELECT} where ${query.among('me.user_id', 1)} and me.own_at >= $2`, [userIds.filter(isUuid), time(since)])
      return rows.map(ownedOf)
    },
  }
}

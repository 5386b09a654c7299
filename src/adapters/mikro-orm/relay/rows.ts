import type { Consumer, ConsumerSettings, Cursor, DeadRange, Position } from '../../../application/ports/consumers.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import type { Row } from '../database/connect.ts'
import type { Query } from '../database/query.ts'

/** The database's own clock, in milliseconds. */
export const nowOf = ({ isPostgres }: Pick<Query, 'isPostgres'>): string =>
  isPostgres ? 'cast(extract(epoch from clock_timestamp()) * 1000 as bigint)' : `cast(unixepoch('subsec') * 1000 as integer)`

const orUndefined = <T>(value: unknown): T | undefined => (value === null || value === undefined ? undefined : (value as T))
const parsed = <T>(value: unknown): T | undefined => (value === null ? undefined : (JSON.parse(value as string) as T))
export const written = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value))

export const consumerOf = (row: Row): Consumer => ({
  id: row.id as string,
  kind: row.kind as Consumer['kind'],
  name: row.name as string,
  settings: parsed<ConsumerSettings>(row.settings)!,
  lag: row.lag_ms as number,
  from: row.from_at as number,
  generation: row.generation as number,
  revision: row.revision as number,
  state: row.state as Consumer['state'],
  createdAt: row.created_at as number,
  report: {
    failingSince: orUndefined(row.failing_since),
    behind: row.behind as number,
    lastSuccessAt: orUndefined(row.last_success_at),
    lastError: orUndefined(row.last_error),
  },
})

function cursorOf(row: Row): Cursor | undefined {
  if (row.seq === null) return undefined
  const frozen = row.to_seq === null ? undefined : { to: row.to_seq as number, types: parsed<string[]>(row.types) }
  const dueIn = row.due_in === null ? undefined : Math.max(0, Number(row.due_in))
  return {
    seq: row.seq as number,
    frozen,
    attempts: row.attempts as number,
    counted: row.counted as number,
    dueIn,
    error: orUndefined(row.error),
  }
}

export const positionOf = (row: Row): Position => ({
  chatId: row.chat_id as ChatId,
  head: row.head as number,
  headAt: row.head_at as number,
  deletedBy: orUndefined<UserId>(row.deleted_by),
  cursor: cursorOf(row),
})

export const deadOf = (row: Row): DeadRange => ({
  chatId: row.chat_id as ChatId,
  from: row.from_seq as number,
  to: row.to_seq as number,
  types: parsed<string[]>(row.types),
  at: row.at as number,
  error: orUndefined(row.error),
})

import type { Consumers, Cursor, CursorAt } from '../../../application/ports/consumers.ts'
import type { Cells } from '../database/columns.ts'
import type { Database } from '../database/connect.ts'
import { preparing, sqliteTrouble } from '../database/preparing.ts'
import { type Parameter, patiently, queryOn } from '../database/query.ts'
import { nowOf, written } from './rows.ts'

/**
 * Writes a cursor if it is as expected: there is none of this generation, or one at `$11`. The consumer must be of this generation. Parameters 1
 * to 11.
 */
export const moving = (isPostgres: boolean, now: string): string => {
  const [text, int, big, uuid] = isPostgres ? ['::text', '::int', '::bigint', '::uuid'] : ['', '', '', '']
  return `insert into {cursors} (consumer_id, chat_id, generation, seq, to_seq, types, attempts, counted, due_at, error)
    select id, $2${uuid}, $3${int}, $4${int}, $5${int}, $6${text}, $7${int}, $8${int}, ${now} + $9${big}, $10${text}
    from {consumers} where id = $1 and generation = $3${int}
    on conflict (consumer_id, chat_id) do update set generation = excluded.generation, seq = excluded.seq, to_seq = excluded.to_seq,
      types = excluded.types, attempts = excluded.attempts, counted = excluded.counted, due_at = excluded.due_at, error = excluded.error
    where {cursors}.generation < excluded.generation or ({cursors}.generation = excluded.generation and {cursors}.seq = $11${int})`
}

const burying = (values: string): string => `insert into {dead} (consumer_id, chat_id, from_seq, to_seq, types, at, error, is_due)
  ${values} on conflict (consumer_id, chat_id, from_seq) do update set to_seq = excluded.to_seq, types = excluded.types, at = excluded.at,
    error = excluded.error, is_due = excluded.is_due`

export const parametersOf = ({ consumerId, generation, chatId, was }: CursorAt, cursor: Cursor): Parameter[] => {
  const { seq, frozen, attempts = 0, counted = 0, dueIn, error } = cursor
  const due = dueIn === undefined ? null : Math.round(dueIn)
  return [
    consumerId,
    chatId,
    generation,
    seq,
    frozen?.to ?? null,
    written(frozen?.types),
    attempts,
    counted,
    due,
    error ?? null,
    was ?? null,
  ]
}

export function movingCursors(database: Database): Pick<Consumers, 'move' | 'bury'> {
  const query = queryOn(database)
  const { isPostgres } = query
  const now = nowOf(query)
  const text = moving(isPostgres, now)
  const move: Consumers['move'] = async (at, cursor) => (await query.change(text, parametersOf(at, cursor))) > 0

  if (database.dialect === 'postgres') {
    const both = `with moved as (${text} returning 1)
      ${burying(`select $1::uuid, $2::uuid, $12::int, $13::int, $14::text, ${now}, $15::text, false from moved`)}`
    return {
      move,
      bury: async (at, cursor, { from, to, types, error }) =>
        (await query.change(both, [...parametersOf(at, cursor), from, to, written(types), error ?? null])) > 0,
    }
  }

  const { write, inTransaction } = preparing(database.handle)
  const dead = burying(`values ($1, $2, $3, $4, $5, ${now}, $6, 0)`)
  return {
    move,
    bury: (at, cursor, { chatId, from, to, types, error }) =>
      patiently(() => {
        try {
          return inTransaction(() => {
            if (write(text, named(parametersOf(at, cursor))) === 0) return false
            write(dead, named([at.consumerId, chatId, from, to, written(types), error ?? null]))
            return true
          })
        } catch (thrown) {
          throw asBusy(thrown)
        }
      }),
  }
}

export const named = (parameters: readonly Parameter[]): Cells =>
  Object.fromEntries(parameters.map((value, i) => [i + 1, value as string | number | null]))

/** Another transaction has the file or the handle: `patiently` tries again. */
export const asBusy = (thrown: unknown): unknown =>
  sqliteTrouble(thrown) === 'busy' ? Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' }) : thrown

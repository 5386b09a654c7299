import type { Notification } from '../../../application/ports/bus.ts'
import type { ChatLog } from '../../../application/ports/log.ts'
import type { AtCommit } from '../../../application/ports/within.ts'
import type { ChatState, Decision, Scope } from '../../../domain/decision.ts'
import type { ChatId, Seq } from '../../../domain/ids.ts'
import type { PostgresDatabase, Row, SqliteDatabase } from '../database/connect.ts'
import { preparing } from '../database/preparing.ts'
import type { Statement } from '../lane/round.ts'
import { type ChatInBatch, decideAll, gather } from '../log/batch.ts'
import { writing } from '../log/postgres/changes.ts'
import { loading } from '../log/postgres/loading.ts'
import { sqliteBatch } from '../log/sqlite/log.ts'
import { writesOf } from '../log/writes.ts'
import type { Run } from './inert.ts'

type Change = ChatLog['change']
/** A chat has a change that may be committed; its committed log ended at `after` before. */
export type Touch = (chatId: ChatId, after: Seq) => void

/** Somebody else may make the chat of a pair between looking for it and making it. */
const TRIES = 5

interface Told {
  readonly touch: Touch
  /** What the transaction notifies itself, if it does. */
  readonly atCommit: AtCommit | undefined
}

/** Locks the chat, reads in later statements what the scope names, decides and writes: each statement by itself, in the host's transaction. */
export function postgresChange({ names }: Pick<PostgresDatabase, 'names'>, run: Run, { touch, atCommit }: Told): Change {
  const ask = async ({ text, values = [] }: Statement): Promise<Row[]> => (await run(names(text), values)).rows
  return async <R>(scope: Scope, decide: (state: ChatState) => Decision<R>): Promise<R> => {
    for (let tries = 1; ; tries++) {
      const calls = [{ scope, decide }]
      const wanted = gather(calls)
      const { statements, keep } = loading(wanted, 'within')
      const answers: Row[][] = []
      for (const statement of statements) answers.push(await ask(statement))
      keep(answers)
      const { outcomes, changed } = decideAll(wanted, calls)
      const [first, ...others] = writing(writesOf(changed), { isOutside: true })
      // A chat that is new is written first: no row says that somebody else has made it, and nothing else is written yet.
      const isTaken = first && (await ask(first)).length === 0 && changed.some(({ was }) => !was)
      if (isTaken && tries < TRIES) continue
      for (const chat of changed) touched(chat, touch)
      for (const statement of others) await ask(statement)
      if (atCommit && changed.length > 0) await notify(run, atCommit(changed.flatMap(({ events }) => events)))
      return resultOf<R>(outcomes[0]!)
    }
  }
}

/** Postgres hands it over at the commit, and not at all if the transaction or its savepoint is rolled back. */
const notify = (run: Run, { channel, payloads }: Notification) =>
  run('select pg_notify($1, payload) from unnest($2::text[]) payload', [channel, payloads])

/** The same within one turn of the event loop. */
export function sqliteChange({ handle }: Pick<SqliteDatabase, 'handle'>, touch: Touch): Change {
  const batch = sqliteBatch(preparing(handle))
  return async <R>(scope: Scope, decide: (state: ChatState) => Decision<R>): Promise<R> => {
    const { outcomes, changed } = batch([{ scope, decide }])
    for (const chat of changed) touched(chat, touch)
    return resultOf<R>(outcomes[0]!)
  }
}

const touched = ({ was, events }: ChatInBatch, touch: Touch): void => touch(was?.id ?? events[0]!.chatId, was?.headSeq ?? 0)

function resultOf<R>(outcome: { readonly result: unknown } | { readonly error: unknown }): R {
  if ('error' in outcome) throw outcome.error
  return outcome.result as R
}

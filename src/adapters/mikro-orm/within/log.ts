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
import { apart, together } from '../log/postgres/together.ts'
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

/** Locks the chat, reads in a later statement what the scope names, decides and writes: each a round trip in the host's transaction. */
export function postgresChange({ names }: Pick<PostgresDatabase, 'names'>, run: Run, { touch, atCommit }: Told): Change {
  const ask = async ({ text, values = [] }: Statement): Promise<Row[]> => (await run(names(text), values)).rows
  return async <R>(scope: Scope, decide: (state: ChatState) => Decision<R>): Promise<R> => {
    for (let tries = 1; ; tries++) {
      const calls = [{ scope, decide }]
      const wanted = gather(calls)
      const { statements, keep } = loading(wanted, 'within')
      const [lock, ...reads] = statements
      const locked = await ask(lock!)
      keep([locked, ...apart(reads.length, reads.length > 0 ? await ask(together(reads)) : [])])
      const { outcomes, changed } = decideAll(wanted, calls)
      const notification = changed.length > 0 ? atCommit?.(changed.flatMap(({ events }) => events)) : undefined
      const [first, ...others] = writing(writesOf(changed), { isOutside: true, notification })
      // A chat that is new is written first: no row says that somebody else has made it, and nothing else is written yet.
      const isTaken = first && (await ask(first)).length === 0 && changed.some(({ was }) => !was)
      if (isTaken && tries < TRIES) continue
      for (const chat of changed) touched(chat, touch)
      for (const statement of others) await ask(statement)
      return resultOf<R>(outcomes[0]!)
    }
  }
}

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

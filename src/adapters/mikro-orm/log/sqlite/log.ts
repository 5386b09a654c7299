import { isKey } from '../../../../domain/ids.ts'
import { partNames } from '../../../../domain/parts.ts'
import type { SqliteHandle } from '../../database/connect.ts'
import { preparing, sqliteTrouble } from '../../database/preparing.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import { type Call, type Decided, decideAll, gather, put, putChats, stateOf, type Wanted } from '../batch.ts'
import { partOf } from '../parts.ts'
import { chatOf } from '../rows.ts'
import { writesOf } from '../writes.ts'
import { READ_CHAT, READ_PART, writing } from './statements.ts'

type LogCall = Call & Waiting

/**
 * A batch is one transaction within one turn of the event loop, on the one handle that the whole process shares: no other statement can come
 * between.
 */
export function sqliteStore(
  handle: SqliteHandle,
  take: Store<LogCall>['take'],
  done: (calls: readonly LogCall[], decided: Decided) => LogCall[],
): Store<LogCall> {
  const prepared = preparing(handle)
  const run = sqliteBatch(prepared)
  return {
    take,
    async commit(calls) {
      return done(
        calls,
        prepared.inTransaction(() => run(calls)),
      )
    },
    trouble: sqliteTrouble,
    abort: () => {},
    close: async () => {},
  }
}

/** Reads what the calls name, decides and writes, in a transaction that has begun. */
export function sqliteBatch({ rows, write }: Pick<ReturnType<typeof preparing>, 'rows' | 'write'>): (calls: readonly Call[]) => Decided {
  function load(wanted: Wanted): void {
    const found = [...wanted.chats.keys()].flatMap((name) => rows(isKey(name) ? READ_CHAT.byKey : READ_CHAT.byId, { name }))
    // A chat that is named by its id and by its key is found twice.
    putChats(wanted, [...new Map(found.map((row) => [row.id, chatOf(row)])).values()])
    for (const part of partNames)
      for (const asked of wanted.parts[part]) {
        const cells = { ...partOf(part).cells(asked.name), chat_id: stateOf(asked.chat).chat?.id ?? null }
        for (const row of rows(READ_PART[part], cells)) put(part, asked, row)
      }
  }
  return (calls) => {
    const wanted = gather(calls)
    load(wanted)
    const decided = decideAll(wanted, calls)
    for (const [text, cells] of writing(writesOf(decided.changed))) write(text, cells)
    return decided
  }
}

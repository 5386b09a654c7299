import { isKey, sendKey } from '../../../../domain/ids.ts'
import type { SqliteHandle } from '../../database/connect.ts'
import { messageOf } from '../../database/rows.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import { type Call, type ChatInBatch, type Decided, decideAll, gather, putChats, stateOf, type Wanted } from '../batch.ts'
import { chatOf, memberOf, namedOf } from '../events.ts'
import { type Writes, writesOf } from '../writes.ts'
import { OCCUPIED, preparing, READS, WRITES } from './statements.ts'

type LogCall = Call & Waiting

/**
 * A batch is one transaction within one turn of the event loop, on the one handle that all of the process shares: nobody's statement
 * can come between.
 */
export function sqliteStore(
  handle: SqliteHandle,
  take: Store<LogCall>['take'],
  done: (calls: readonly LogCall[], decided: Decided) => LogCall[],
): Store<LogCall> {
  const { inTransaction, rows, write } = preparing(handle)

  function load(wanted: Wanted): void {
    const found = [...wanted.chats.keys()].flatMap((name) => rows(isKey(name) ? READS.chatByKey : READS.chatById, { name }))
    // One that is named by both its names is found twice.
    putChats(wanted, [...new Map(found.map((row) => [row.id, chatOf(row)])).values()])
    const chatOfHeld = (held: ChatInBatch) => ({ chat_id: stateOf(held).chat?.id ?? null })
    for (const { held, userId } of wanted.members)
      for (const row of rows(READS.member, { ...chatOfHeld(held), user_id: userId }))
        stateOf(held).members.set(userId, memberOf(row, userId))
    for (const { held, senderId, clientMessageId } of wanted.keys)
      for (const row of rows(READS.key, { ...chatOfHeld(held), sender_id: senderId, client_message_id: clientMessageId }))
        stateOf(held).earlier.set(sendKey(senderId, clientMessageId), messageOf(row))
    for (const { held, messageId } of wanted.messages)
      for (const row of rows(READS.message, { ...chatOfHeld(held), id: messageId })) stateOf(held).messages.set(messageId, messageOf(row))
    for (const { held, userId } of wanted.people)
      for (const row of rows(READS.person, { id: userId })) stateOf(held).people.set(userId, namedOf(row, userId))
  }

  function save(writes: Writes): void {
    for (const [table, statements] of WRITES) for (const cells of writes[table]) for (const statement of statements) write(statement, cells)
  }

  return {
    take,
    async commit(calls) {
      const decided = inTransaction(() => {
        const wanted = gather(calls)
        load(wanted)
        const outcome = decideAll(wanted, calls)
        save(writesOf(outcome.held))
        return outcome
      })
      return done(calls, decided)
    },
    trouble: sqliteTrouble,
    abort: () => {},
    close: async () => {},
  }
}

/** Somebody else is writing: in another process, or in a transaction of this one that takes longer than a turn. */
export function sqliteTrouble(error: unknown): 'conflict' | 'away' | 'other' {
  const { code = '', message } = error as { readonly code?: string; readonly message?: string }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || message === OCCUPIED) return 'away'
  return code.startsWith('SQLITE_CONSTRAINT') ? 'conflict' : 'other'
}

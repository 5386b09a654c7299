import type { ChatLog, OnCommit } from '../../../application/ports/log.ts'
import type { ChatId, Seq } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'

const LOOK_EVERY_MS = 100
/** A chat that is new is not to be seen before the host's commit, and never if there is none. */
const NEW_FOR_MS = 60_000
/** More than these are found by the poll of those who follow them. */
const WATCHED = 10_000
const AT_ONCE = 1_000

interface Watched {
  /** Where the committed log ended. */
  readonly after: Seq
  readonly isNew: boolean
  looks: number
  /** Whether the host's transaction is over, where that can be asked. */
  readonly isOver: (() => boolean) | undefined
}

export interface Watching {
  /** A transaction of the host's has changed this chat, and may yet be rolled back. */
  touch(chatId: ChatId, after: Seq, isOver?: () => boolean): void
  close(): void
}

/** Looks every 100 ms whether chats are free that transactions of the host's hold, and tells what they have committed. */
export function watching(database: Database, read: ChatLog['read'], tell: OnCommit): Watching {
  const watched = new Map<ChatId, Watched>()
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const some = [...watched.entries()].slice(0, AT_ONCE)
    // Asked first: what is committed afterwards is seen by the next look.
    const over = new Set(some.filter(([, { isOver }]) => isOver?.()).map(([id]) => id))
    const heads = await freeHeads(
      database,
      some.map(([id]) => id),
    )
    for (const [chatId, known] of some) {
      const head = heads.get(chatId)
      if (head !== undefined && head > known.after) await tellFrom(chatId, known.after)
      if (isDone(known, head, over.has(chatId)) && watched.get(chatId) === known) watched.delete(chatId)
      else if (known.isNew && ++known.looks > NEW_FOR_MS / LOOK_EVERY_MS) watched.delete(chatId)
    }
  }

  function isDone({ after, isOver }: Watched, head: Seq | undefined, over: boolean): boolean {
    return head !== undefined && head > after ? true : isOver ? over : head !== undefined
  }

  async function tellFrom(chatId: ChatId, after: Seq): Promise<void> {
    for (let seq = after; ; ) {
      const events = await read(chatId, seq, AT_ONCE)
      if (events.length > 0) tell(events)
      if (events.length < AT_ONCE) return
      seq = events.at(-1)!.seq
    }
  }

  const wait = (): void => {
    timer = setTimeout(() => {
      // A database that is away is asked again: nothing is forgotten meanwhile.
      void look()
        .catch(() => undefined)
        .finally(() => (timer = undefined))
        .then(() => watched.size > 0 && !timer && wait())
    }, LOOK_EVERY_MS).unref()
  }

  return {
    touch(chatId, after, isOver) {
      const before = watched.get(chatId)
      if (!before && watched.size >= WATCHED) watched.delete(watched.keys().next().value!)
      watched.set(chatId, {
        after: Math.min(after, before?.after ?? after),
        isNew: (before?.isNew ?? true) && after === 0,
        looks: 0,
        isOver,
      })
      if (!timer) wait()
    },
    close() {
      watched.clear()
      clearTimeout(timer)
    },
  }
}

/** The heads of those of the chats that no transaction holds. */
async function freeHeads(database: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Seq>> {
  const rows: readonly Row[] =
    database.dialect === 'sqlite'
      ? database.handle
          .prepare('select id, head_seq from {chats} where id in (select value from json_each($1))')
          .all({ 1: JSON.stringify(ids) })
      : (
          await database.pool.query({
            text: 'select id, head_seq from {chats} where id = any ($1::uuid[]) for no key update skip locked',
            values: [ids],
            query_timeout: database.patienceMs,
          })
        ).rows
  return new Map(rows.map((row) => [row.id as string, row.head_seq as Seq]))
}

import type { Chat } from '../../../../domain/chat.ts'
import type { Scope } from '../../../../domain/decision.ts'
import { isKey } from '../../../../domain/ids.ts'
import { partNames } from '../../../../domain/parts.ts'
import type { Cells, Columns } from '../../database/columns.ts'
import type { Row } from '../../database/connect.ts'
import { isUuid } from '../../database/schema.ts'
import type { Statement } from '../../lane/round.ts'
import { type Asked, type ChatInBatch, put, putChats, type Wanted } from '../batch.ts'
import { partOf } from '../parts.ts'
import { chatOf } from '../rows.ts'
import { BEGIN, lockChats, lookForChats, readPart } from './statements.ts'

/**
 * `patient`: waits for locks. `skipping`: passes over chats that somebody else has locked, and finds out which these are. `within`: in a
 * transaction that has begun.
 */
export type Mode = 'patient' | 'skipping' | 'within'

export interface Loading {
  readonly statements: readonly Statement[]
  /** Puts what was found where it was named, and returns the names of chats that are there and were passed over. */
  keep(answers: readonly Row[][]): ReadonlySet<Scope['chat']>
}

/** The first round trip: locks, then reads what is wanted in later statements, which see what the last holder of the locks committed. */
export function loading(wanted: Wanted, mode: Mode = 'patient'): Loading {
  const ids: string[] = []
  const keys: string[] = []
  for (const name of wanted.chats.keys())
    if (isKey(name)) keys.push(name)
    else if (isUuid(name)) ids.push(name)
  const how = keys.length > 0 ? 'byKey' : 'byId'
  const reads = partNames.flatMap((part) => {
    const { cells, columns, isOfChat, isLocked } = partOf(part)
    const all = wanted.parts[part].filter(({ chat, name }) => isSound(columns, cells(name)) && (!isOfChat || hasSoundName(chat)))
    // Everybody locks in one order, so that no two processes wait for each other.
    if (isLocked) all.sort((a, b) => (a.key < b.key ? -1 : 1))
    const row = ({ chat, name }: Asked) => (isOfChat ? { ...named(chat), ...cells(name) } : cells(name))
    return all.length === 0 ? [] : [{ part, all, statement: readPart(part)[how](all.map(row)) }]
  })
  const begin = mode === 'within' ? [] : [BEGIN]
  const skipped = mode === 'skipping' ? [lookForChats(ids, keys)] : []
  return {
    statements: [...begin, lockChats(ids, keys, mode === 'skipping'), ...skipped, ...reads.map(({ statement }) => statement)],
    keep(answers) {
      const [chats, ...rest] = answers.slice(begin.length)
      const there = skipped.length > 0 ? rest.shift()! : []
      const locked = chats!.map(chatOf)
      putChats(wanted, locked)
      for (const [k, rows] of rest.entries()) {
        const { part, all } = reads[k]!
        for (const row of rows) put(part, all[(row.i as number) - 1]!, row)
      }
      return heldAmong(there, locked)
    },
  }
}

/** Names of chats that are there and not among those that were locked. */
function heldAmong(there: readonly Row[], locked: readonly Chat[]): ReadonlySet<Scope['chat']> {
  const free = new Set<unknown>(locked.map(({ id }) => id))
  return new Set(
    there.filter(({ id }) => !free.has(id)).flatMap(({ id, key }) => [id, key].filter((name) => name !== null) as Scope['chat'][]),
  )
}

const named = ({ name }: ChatInBatch): Cells => (isKey(name) ? { chat_id: null, key: name } : { chat_id: name })

/** Ids of requests may be anything; what is no UUID is not there. */
const hasSoundName = ({ name }: ChatInBatch): boolean => isKey(name) || isUuid(name)
function isSound(columns: Columns, cells: Cells): boolean {
  for (const column in columns) if (columns[column] === 'uuid' && !isUuid(cells[column] as string)) return false
  return true
}

import { isKey } from '../../../../domain/ids.ts'
import { partNames } from '../../../../domain/parts.ts'
import type { Cells, Columns } from '../../database/columns.ts'
import type { Row } from '../../database/connect.ts'
import { isUuid } from '../../database/schema.ts'
import type { Statement } from '../../lane/round.ts'
import { type Asked, type ChatInBatch, put, putChats, type Wanted } from '../batch.ts'
import { partOf } from '../parts.ts'
import { chatOf } from '../rows.ts'
import { BEGIN, lockChats, readPart } from './statements.ts'

/** The first round trip: locks, then reads what is wanted in later statements, which see what the last holder of the locks committed. */
export function loading(wanted: Wanted): { readonly statements: readonly Statement[]; keep(answers: readonly Row[][]): void } {
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
  return {
    statements: [BEGIN, lockChats(ids, keys), ...reads.map(({ statement }) => statement)],
    keep([, chats, ...found]) {
      putChats(wanted, chats!.map(chatOf))
      for (const [k, rows] of found.entries()) {
        const { part, all } = reads[k]!
        for (const row of rows) put(part, all[(row.i as number) - 1]!, row)
      }
    },
  }
}

const named = ({ name }: ChatInBatch): Cells => (isKey(name) ? { chat_id: null, key: name } : { chat_id: name })

/** Ids of requests may be anything; what is no UUID is not there. */
const hasSoundName = ({ name }: ChatInBatch): boolean => isKey(name) || isUuid(name)
function isSound(columns: Columns, cells: Cells): boolean {
  for (const column in columns) if (columns[column] === 'uuid' && !isUuid(cells[column] as string)) return false
  return true
}

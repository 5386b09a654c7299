import { z } from 'zod'
import type { Database } from '../database/connect.ts'

export interface DumpTable {
  readonly name: string
  readonly order: string
  readonly booleans: readonly string[]
  readonly rows: z.ZodType
}

/** What belongs to one installation: its settings, of which the secret is one, and the sessions that it has signed. */
const OWN = new Set(['settings', 'sessions'])

/** The tables that one database can hand to another. */
export const dumpTables = ({ orm }: Database): readonly DumpTable[] =>
  [...orm.getMetadata().getAll().values()]
    .filter(({ tableName }) => !OWN.has(tableName))
    .map(({ tableName, primaryKeys, props }) => ({
      name: tableName,
      // What is read together is written together.
      order: tableName === 'messages' ? 'chat_id, seq' : primaryKeys.join(', '),
      booleans: props.filter(({ runtimeType }) => runtimeType === 'boolean').map(({ name }) => name),
      rows: z.array(z.strictObject(Object.fromEntries(props.map((prop) => [prop.name, column(prop)])))),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))

function column({ type, runtimeType, nullable }: { type: string; runtimeType: string; nullable?: boolean | undefined }): z.ZodType {
  const value = type === 'UuidType' ? UUID : types[runtimeType]
  if (!value) throw new Error(`No dump knows columns of type ${runtimeType}`)
  return nullable ? value.nullable() : value
}

const UUID = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const types: Readonly<Record<string, z.ZodType>> = { string: z.string(), number: z.int(), boolean: z.boolean() }

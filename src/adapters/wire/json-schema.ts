import { z } from 'zod'
import { notes } from './schemas/common.ts'

export interface Json {
  [member: string]: unknown
}
export type Named = Readonly<Record<string, z.ZodType>>

const refTo = (id: string): string => `#/components/schemas/${id}`

/** Schemas by name as JSON Schema, for the `components` of a document; where one stands in another, it is a reference. */
export function components(named: Named, io: 'input' | 'output'): Record<string, Json> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) if (!registry.has(schema)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, io, override })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]))
}

/** One schema that stands where it is used, like that of a parameter. */
export const inline = (schema: z.ZodType, io: 'input' | 'output'): Json => plain(z.toJSONSchema(schema, { io, override }))

/** A reference to a schema that is among the named ones, by the first of its names. */
export function reference(named: Named, schema: z.ZodType): Json {
  const name = Object.keys(named).find((id) => named[id] === schema)
  if (name === undefined) throw new Error('defect: a schema of the tables has no name in the documents')
  return { $ref: refTo(name) }
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  Object.assign(jsonSchema, notes.get(zodSchema))
  // What is answered grows by addition: only requests refuse members that they do not know.
  if (zodSchema._zod.def.type === 'object' && !zodSchema._zod.def.catchall) delete jsonSchema.additionalProperties
  // Every number of JSON that a program can hold.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  // Its `format` says all that the long pattern does.
  if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern
}

/** Without what makes sense in a file of its own only. */
function plain(schema: Json): Json {
  const copy = JSON.parse(JSON.stringify(schema)) as Json
  delete copy['$schema']
  delete copy['$id']
  return copy
}

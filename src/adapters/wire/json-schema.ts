import { z } from 'zod'
import { notes } from './schemas/common.ts'

export interface Json {
  [member: string]: unknown
}
export type Named = Readonly<Record<string, z.ZodType>>

const refTo = (id: string): string => `#/components/schemas/${id}`

/** Returns named schemas as JSON Schema for the `components` of a document; one inside another becomes a reference. */
export function components(named: Named, io: 'input' | 'output'): Record<string, Json> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) if (!registry.has(schema)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, io, override })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]))
}

/** Returns one schema as JSON Schema, without references: that of a parameter, for example. */
export const inline = (schema: z.ZodType, io: 'input' | 'output'): Json => plain(z.toJSONSchema(schema, { io, override }))

/** Returns a reference to a named schema, by the first of its names. */
export function reference(named: Named, schema: z.ZodType): Json {
  const name = Object.keys(named).find((id) => named[id] === schema)
  if (name === undefined) throw new Error('defect: a schema of the tables has no name in the documents')
  return { $ref: refTo(name) }
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  Object.assign(jsonSchema, notes.get(zodSchema))
  // Answers grow by addition: only requests refuse unknown members.
  if (zodSchema._zod.def.type === 'object' && !zodSchema._zod.def.catchall) delete jsonSchema.additionalProperties
  // Zod writes the bounds of a safe integer.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  // The `format` says the same as the long pattern.
  if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern
}

/** Removes what belongs in a separate file only. */
function plain(schema: Json): Json {
  const copy = JSON.parse(JSON.stringify(schema)) as Json
  delete copy['$schema']
  delete copy['$id']
  return copy
}

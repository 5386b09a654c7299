import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Endpoint } from '../../../src/adapters/wire/endpoints/endpoint.ts'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { limits } from '../../../src/adapters/wire/limits.ts'

/** Lists that are answered as a whole, and what bounds each. */
const WHOLE: Readonly<Record<string, string>> = {
  listFactors: 'factors-full refuses more',
  listPins: 'pins-full refuses more',
  getFileUrls: 'one for each file that the request names',
  provisionUsers: 'one for each user that the request names',
  provisionChats: 'one for each group that the request names',
}

const shapeOf = (schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> =>
  (schema as { shape?: Readonly<Record<string, z.ZodType>> } | undefined)?.shape ?? {}

/** Calls that answer with a list of which a request cannot say how long it may be. */
const unbounded = (all: Readonly<Record<string, Endpoint>>): string[] =>
  Object.entries(all)
    .filter(([, { success }]) => Object.values(success).some((schema) => 'items' in shapeOf(schema as z.ZodType)))
    .filter(([, { query }]) => query?.safeParse({ limit: String(limits.page_size + 1) }).success !== false || !('limit' in shapeOf(query)))
    .map(([name]) => name)

describe('lists', () => {
  it('are all asked for page by page, except those that are bounded otherwise', () => {
    expect(unbounded(endpoints).toSorted()).toEqual(Object.keys(WHOLE).toSorted())
  })

  it('would be found if one were not', () => {
    const { query: _, ...unpaged } = endpoints.listKeys
    expect(unbounded({ unpaged })).toEqual(['unpaged'])
  })
})

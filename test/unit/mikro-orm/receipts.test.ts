import { expect, it } from 'vitest'
import type { PgPool } from '../../../src/adapters/mikro-orm/database/connect.ts'
import type { Lowest } from '../../../src/adapters/mikro-orm/receipts/lowest.ts'
import { postgresMarks } from '../../../src/adapters/mikro-orm/receipts/postgres.ts'

it('knows what to do about an error that has no code', () => {
  const { trouble } = postgresMarks({} as PgPool, {} as Lowest)
  expect(trouble(new Error('not of Postgres'))).toBe('other')
  expect(trouble(Object.assign(new Error('deadlock'), { code: '40P01' }))).toBe('conflict')
})

import { describe, expect, it } from 'vitest'
import { builtOn, numbered } from '../../src/adapters/mikro-orm/database/built.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { entities } from '../../src/adapters/mikro-orm/database/schema.ts'
import { mikroOrmSettings } from '../../src/adapters/mikro-orm/database/settings.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'

async function withTables(kind: DatabaseKind, use: (database: Database) => Promise<void>): Promise<void> {
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const database = await connect(fresh?.url ?? 'sqlite::memory:')
  try {
    await migrate(database)
    await use(database)
  } finally {
    await database.close()
    await fresh?.drop()
  }
}

describe.each(databases.filter((kind) => kind !== 'memory'))('statements that the query builder makes, on %s', (kind) => {
  it('keep values as they are, whatever characters are in them', () =>
    withTables(kind, async (database) => {
      const settings = mikroOrmSettings(database)
      for (const text of ['?', '$1 ?', `'; drop table settings; --`, String.raw`\' "a" ${'`b`'}`, '', 'щ 🐦']) {
        await settings.set('set', text)
        expect(await settings.get('set')).toBe(text)
        expect(await settings.keep(`kept ${text}`, text)).toBe(text)
        expect(await settings.keep(`kept ${text}`, 'another')).toBe(text)
      }
    }))

  it('hand a NUL to the database as part of a value, which Postgres refuses', () =>
    withTables(kind, async (database) => {
      const settings = mikroOrmSettings(database)
      const refused = await settings.set('with NUL', 'a\0b').catch((error: { readonly code?: string }) => error.code)
      expect({ refused, kept: await settings.get('with NUL') }).toEqual(
        kind === 'postgres' ? { refused: '22021', kept: undefined } : { refused: undefined, kept: 'a\0b' },
      )
    }))

  it('have one text for all values, and no value in it', () =>
    withTables(kind, async (database) => {
      const { em } = builtOn(database)
      const made = ['one', 'two'].map((value) => {
        const where = { id: value, created_at: { $gt: value.length }, is_erasing: value === 'one', email: null }
        return numbered(em.createQueryBuilder(entities.users).update({ name: value, last_seen_at: 5 }).where(where).toQuery())
      })
      const [[text], [other]] = made as [(typeof made)[0], (typeof made)[0]]
      expect(other).toBe(text)
      expect(text.replaceAll(/["`]/g, '')).toBe(
        'update users set name = $1, last_seen_at = $2 where id = $3 and created_at > $4 and is_erasing = $5 and email is null',
      )
      expect(made[0]![1]).toEqual(['one', '5', 'one', '3', 1])
    }))
})

it('refuses a text whose placeholders are not those of its parameters', () => {
  const statement = { sql: `select '?' from users where id = ?`, params: ['one'] }
  expect(() => numbered(statement)).toThrow('defect: 2 placeholders for 1 parameters')
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { BetterSqlite } from '../support/host-tables.ts'
import { tempFolder } from '../support/places.ts'
import { sql } from '../support/sql.ts'

describe('the command line beside tables of a program', { timeout: 60_000 }, () => {
  it('names its own by a prefix in a SQLite file, in every command, and leaves the others alone', async () => {
    await using folder = await tempFolder()
    const file = join(folder.path, 'shop.db')
    const mine = new BetterSqlite(file)
    mine.exec('create table users (of_the_host int); insert into users values (7)')
    mine.close()
    const env = { DATABASE_URL: 'sqlite:shop.db', DATABASE_PREFIX: 'chat_' }
    const run = async (...args: string[]) => {
      const done = await windiChat(folder.path, args, { env })
      expect(done).toMatchObject({ status: 0, stderr: expect.not.stringContaining('Error') })
      return done.stdout
    }
    expect(await run('doctor')).toMatch(/[1-9]\d* migrations to run/)
    await run('migrate')
    expect(await run('doctor')).toContain('tables up to date')
    await run('user', 'add', '--email', 'anna@example.com', '--name', 'Anna')
    expect(await run('export', 'all.jsonl')).toContain('1 people')
    await run('backup', 'copy.db')
    await run('restore', 'copy.db')
    expect(await run('doctor')).toContain('tables up to date')

    const found = new BetterSqlite(file)
    const names = found.prepare(
      "select name from sqlite_master where type = 'table' and name not like 'chat_%' and name not like 'sqlite_%'",
    )
    expect(names.all()).toEqual([{ name: 'users' }])
    expect(found.prepare('select of_the_host from users').all()).toEqual([{ of_the_host: 7 }])
    found.close()
  })

  it.runIf(databases.includes('postgres'))('names its own by a schema of Postgres', async () => {
    await using folder = await tempFolder()
    await using postgres = await freshDatabase()
    await sql(postgres.url, 'create table users (of_the_host int)')
    const env = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: 'chat' }
    const run = async (...args: string[]) => {
      const done = await windiChat(folder.path, args, { env })
      expect(done).toMatchObject({ status: 0 })
      return done.stdout
    }
    await run('migrate')
    expect(await run('doctor')).toContain('schema chat, tables up to date')
    await run('user', 'add', '--email', 'anna@example.com', '--name', 'Anna')
    expect(await run('export', 'all.jsonl')).toContain('1 people')
    expect(await sql(postgres.url, "select tablename from pg_tables where schemaname = 'public'")).toEqual([{ tablename: 'users' }])
  })

  it('says so where the database has no schemas', async () => {
    await using folder = await tempFolder()
    const done = await windiChat(folder.path, ['migrate'], { env: { DATABASE_URL: 'sqlite:a.db', DATABASE_SCHEMA: 'chat' } })
    expect(done).toMatchObject({ status: 1, stderr: expect.stringContaining('SQLite has no schemas: name a prefix') })
  })
})

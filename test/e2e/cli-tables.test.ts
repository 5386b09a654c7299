import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { BetterSqlite } from '../support/host-tables.ts'
import { tempFolder } from '../support/places.ts'
import { sql } from '../support/sql.ts'

/** What other systems wrote comes in, and secrets are turned. */
async function historyAndSecrets(folder: string, run: (...args: string[]) => Promise<string>): Promise<void> {
  const lines = [
    { user: 'slack:U1', name: 'Boris' },
    { chat: 'slack:C1', name: 'General', owner: 'slack:U1', members: [], at: '2019-01-02T03:04:05Z' },
    { message: 'slack:C1:1', chat: 'slack:C1', author: 'slack:U1', at: '2019-01-02T03:05:00Z', text: 'Hello' },
  ]
  await writeFile(join(folder, 'history.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'))
  expect(JSON.parse(await run('history', 'history.jsonl', '--json'))).toMatchObject({ users: 1, chats: 1, messages: 1 })
  expect(JSON.parse(await run('secret', 'add', '--json'))).toEqual({ secrets: 2 })
  expect(JSON.parse(await run('secret', 'use', '--json'))).toEqual({ secrets: 2 })
}

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
    await historyAndSecrets(folder.path, run)
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
    await historyAndSecrets(folder.path, run)
    await using other = await freshDatabase()
    const elsewhere = { DATABASE_URL: other.url, DATABASE_SCHEMA: 'talk' }
    expect(await windiChat(folder.path, ['import', 'all.jsonl'], { env: elsewhere })).toMatchObject({ status: 0 })
    expect(await sql(other.url, 'select name from talk.users where email is not null')).toEqual([{ name: 'Anna' }])
    expect(await sql(other.url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([])
    expect(await sql(postgres.url, "select tablename from pg_tables where schemaname = 'public'")).toEqual([{ tablename: 'users' }])
  })

  it('says so where the database has no schemas', async () => {
    await using folder = await tempFolder()
    const done = await windiChat(folder.path, ['migrate'], { env: { DATABASE_URL: 'sqlite:a.db', DATABASE_SCHEMA: 'chat' } })
    expect(done).toMatchObject({ status: 1, stderr: expect.stringContaining('SQLite has no schemas: name a prefix') })
  })
})

it.each([
  ['migrate', '--partitions', '1'],
  ['migrate', '--partitions', 'many'],
  ['seed', '--messages', '-1'],
  ['seed', '--users', '1e9'],
  ['user list', '--limit', '0'],
  ['hook create', '--batch', '0', 'https://example.com/'],
])('%s does not take %s %s, and says what it takes', async (command, ...options) => {
  await using folder = await tempFolder()
  await windiChat(folder.path, ['migrate'])
  const { status, stdout, stderr } = await windiChat(folder.path, [...command.split(' '), ...options])
  expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 })
  expect(stderr).toMatch(/--\w+ is a number from \d+ to [\d,]+, not /)
})

it.runIf(databases.includes('postgres'))('tables that are divided stay so, and the command line says it', async () => {
  await using folder = await tempFolder()
  await using postgres = await freshDatabase()
  const migrate = (...more: readonly string[]) => windiChat(folder.path, ['migrate', ...more], { env: { DATABASE_URL: postgres.url } })
  expect(await migrate('--partitions', '4')).toMatchObject({ status: 0, stdout: expect.stringContaining('Divided by 4') })
  const { status, stderr } = await migrate('--partitions', '8')
  expect({ status, lines: stderr.trim().split('\n') }).toEqual({
    status: 1,
    lines: [expect.stringContaining('messages has 4 partitions already, and cannot have 8')],
  })
})

import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { chatApp } from '../../../src/adapters/http/app.ts'
import type { SqliteDatabase } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { outageOf } from '../../../src/adapters/mikro-orm/database/outage.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import { openApplication } from '../../../src/main/container.ts'
import { httpOptions } from '../../../src/main/edges.ts'
import { silent } from '../../../src/main/logging.ts'
import { watchOutages } from '../../../src/main/outages.ts'
import { httpClient } from '../../support/http-client.ts'
import { listening, plainPasswords } from '../../support/http-server.ts'

const coded = (code: string) => Object.assign(new Error('trouble'), { code })

function recording() {
  const lines: string[] = []
  const write = (_facts: object, message: string) => void lines.push(message)
  return { lines, log: { error: write, info: write } as never }
}

describe('an outage of the database', () => {
  it.each([
    ['57014', 'slow'],
    ['55P03', 'slow'],
    ['53200', 'slow'],
    ['SQLITE_BUSY', 'slow'],
    ['57P01', 'away'],
    ['08006', 'away'],
    ['53300', 'away'],
    ['ECONNREFUSED', 'away'],
    ['53100', 'writing'],
    ['25006', 'writing'],
    ['SQLITE_FULL', 'writing'],
    ['SQLITE_READONLY_DIRECTORY', 'writing'],
    ['SQLITE_IOERR_WRITE', 'writing'],
    ['ENOSPC', 'writing'],
    ['23505', undefined],
    ['42P01', undefined],
    ['SQLITE_CONSTRAINT_UNIQUE', undefined],
    ['22P05', undefined],
  ])('is what the code %s says: %s', (code, kind) => {
    expect(outageOf(coded(code))).toBe(kind)
    expect(outageOf(new Error('around', { cause: coded(code) }))).toBe(kind)
  })

  it('is refused with `overloaded` and logged once, when it begins and when it ends; a defect stays one', async () => {
    const { lines, log } = recording()
    const outages = watchOutages(log)
    const port = outages.around({
      full: async () => Promise.reject(coded('SQLITE_FULL')),
      sync: () => {
        throw coded('SQLITE_FULL')
      },
      broken: async () => Promise.reject(coded('42P01')),
      fine: async (value: number) => value + 1,
    })
    for (let i = 0; i < 3; i++) await expect(port.full()).rejects.toMatchObject({ code: 'overloaded' })
    expect(() => port.sync()).toThrow(expect.objectContaining({ code: 'overloaded' }))
    await expect(port.broken()).rejects.toMatchObject({ code: '42P01' })
    expect(await port.fine(1)).toBe(2)
    expect(outages.isUnwritable()).toBe(true)
    outages.over('writing')
    outages.over('writing')
    expect(outages.isUnwritable()).toBe(false)
    expect(lines).toEqual([expect.stringContaining('disk full'), 'The database answers again'])
  })
})

describe.each([
  ['a full disk', (pages: number) => `max_page_count = ${pages}`, 'max_page_count = 1000000'],
  ['a read-only file', () => 'query_only = on', 'query_only = off'],
])('a service on %s', (_, breaking, mending) => {
  it('answers reads, refuses what writes with 503, is not ready, and is ready again when it can write', async () => {
    const { lines, log: recorded } = recording()
    const log = Object.assign(silent(), recorded)
    const config = { ...defaultConfig(), databaseUrl: 'sqlite::memory:', rateLimits: false }
    const app = await openApplication({ config, log, ports: { passwords: plainPasswords } })
    const options = httpOptions({ app, config, log, readiness: { isDraining: false } })
    const { url, close } = await listening(createServer(chatApp(options).callback()))
    const client = httpClient(url)
    const anna = await client.register('Anna')
    const { handle } = app.store.connection as SqliteDatabase
    const pages = (handle.pragma('page_count') as readonly { readonly page_count: number }[])[0]!.page_count
    handle.pragma(breaking(pages))

    const outcomes = new Set<number>()
    for (let i = 0; i < 100; i++)
      outcomes.add((await anna.call('post', '/chats', { kind: 'group', name: 'x'.repeat(128), member_ids: [] })).status)
    expect([...outcomes].filter((status) => status !== 201)).toEqual([503])
    expect((await anna.call('get', '/users/me')).status).toBe(200)
    expect((await client.page('/readyz')).status).toBe(503)
    expect(lines.filter((line) => line.includes('cannot be written'))).toHaveLength(1)

    handle.pragma(mending)
    expect((await client.page('/readyz')).status).toBe(200)
    expect((await anna.call('post', '/chats', { kind: 'group', name: 'x', member_ids: [] })).status).toBe(201)
    expect(lines.at(-1)).toBe('The database answers again')
    await close()
    await app.close()
  })
})

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { connect, type SqliteDatabase, type SqliteHandle } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { worksAfterFailedWrite } from '../../src/contracts/failures.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import { asId } from '../../src/index.ts'
import { database } from '../../src/mikro-orm.ts'
import { BetterSqlite, hostSqlite, type Sqlite } from '../support/host-tables.ts'
import { openUrl, portsOver } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'

describe('SQLite', () => {
  it('leaves the event loop running while another process holds the write lock, and then carries out what waited', async () => {
    await using folder = await tempFolder()
    const file = `${folder.path}/chat.db`
    const store = await openUrl(`sqlite:${file}`)
    const scene = sceneOf(store)
    const ann = await scene.person()
    const chat = await scene.group(ann)
    const other = (await connect(`sqlite:${file}`)) as SqliteDatabase
    other.handle.exec('begin immediate')
    let isOver = false
    const waiting = Promise.all([scene.send(chat, ann), scene.person(), store.people.rename(ann, { name: 'Anna' })]).finally(
      () => (isOver = true),
    )
    // A thread that waited for the lock could not come to release it.
    for (let turns = 0; turns < 5; turns++) await pause(20)
    expect(isOver).toBe(false)
    other.handle.exec('commit')
    const [message] = await waiting
    expect(message.seq).toBe(2)
    await Promise.all([store.close(), other.close()])
  })

  it('leaves it running, too, where a program follows in transactions on a handle of its own, which waits', async () => {
    const host = await hostSqlite()
    host.handle.pragma('busy_timeout = 10000')
    await host.run('create table counted (seq int)')
    const { consumers, close } = (await database(host.database))(() => undefined)
    const [consumerId, chatId] = [randomUUID(), asId<'chat'>(randomUUID()) as never]
    await consumers.add({ id: consumerId, kind: 'follow', name: 'counts', settings: { batch: 1 }, lag: 0, from: 0 })
    const other = new BetterSqlite(host.file, { timeout: 0 })
    other.exec('begin immediate')
    const begun = performance.now()
    const moved = consumers.inTransaction!({ consumerId, generation: 0, chatId, was: undefined }, { seq: 1 }, (tx) => {
      ;(tx as Sqlite).exec('insert into counted values (1)')
    })
    // A thread that waited for the lock could not come to release it.
    await pause(100)
    expect(performance.now() - begun).toBeLessThan(8_000)
    expect(host.handle.pragma('busy_timeout')).toEqual([{ timeout: 10_000 }])
    other.exec('commit')
    expect(await moved).toBe(true)
    expect(host.handle.prepare('select seq from counted').all()).toEqual([{ seq: 1 }])
    other.close()
    await close()
    await host.close()
  })

  it('would be noticed if it left a transaction open after a failed write', async () => {
    const database = (await connect('sqlite::memory:')) as SqliteDatabase
    await migrate(database)
    const handle: SqliteHandle = database.handle
    const exec = handle.exec.bind(handle)
    handle.exec = (text) => (text === 'rollback' ? handle : exec(text))
    const store = portsOver(database, { patience: 1 })
    await expect(worksAfterFailedWrite(sceneOf(store))).rejects.toMatchObject({ code: 'overloaded' })
    exec('rollback')
    await store.close()
  })

  it('keeps a single statement of the ORM out of a batch that is rolled back', async () => {
    const database = (await connect('sqlite::memory:')) as SqliteDatabase
    await migrate(database)
    const store = portsOver(database)
    const scene = sceneOf(store)
    const ann = await scene.person()
    const chat = await scene.group(ann)
    const taken = await scene.send(chat, ann)
    let inserted: Promise<unknown> | undefined
    const failing = store.log.change({ chat }, () => {
      inserted ??= database.orm.em.fork().getConnection().execute(`insert into settings (key, value) values ('a', 'b')`)
      return {
        events: [{ type: 'message.sent', actorId: ann, chatId: chat, seq: 3, at: scene.tick(), message: { ...taken, seq: 3, n: 2 } }],
        result: 1,
      }
    })
    await expect(failing).rejects.toMatchObject({ code: expect.stringContaining('SQLITE_CONSTRAINT') })
    await inserted
    expect(database.handle.prepare(`select value from settings where key = 'a'`).all()).toEqual([{ value: 'b' }])
    await store.close()
  })
})

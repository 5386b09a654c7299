import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database } from '../../src/adapters/mikro-orm/ports.ts'
import { asId, type Delivery, type Embedded, embed, isRefusal, type WithinOptions } from '../../src/index.ts'
import { memory } from '../../src/memory.ts'
import { databases } from '../support/databases.ts'
import { type Host, type HostKind, hosts, isOnPostgres } from '../support/host-transactions.ts'
import { eventually } from '../support/waiting.ts'

const kinds = (Object.keys(hosts) as HostKind[]).filter((kind) => databases.includes(isOnPostgres(kind) ? 'postgres' : 'sqlite'))
let n = 0
const key = () => `key-${++n}`

/** Each kind, and statements that stay on the connection where they can. */
const manners = kinds.flatMap((kind): [string, HostKind, WithinOptions][] =>
  kind === 'a client of pg'
    ? [
        [kind, kind, {}],
        [`${kind}, prepared`, kind, { prepare: true }],
      ]
    : [[kind, kind, {}]],
)

describe.each(manners)('a transaction of a program: %s', (_, kind, options) => {
  let host: Host
  let chat: Embedded
  let [anna, boris] = ['', '']
  let chatId = ''

  beforeAll(async () => {
    host = await hosts[kind]()
    chat = embed(await database(host.database))
    const made = await chat.people.upsert([
      { externalId: 'anna', name: 'Anna' },
      { externalId: 'boris', name: 'Boris' },
    ])
    ;[anna, boris] = made.map(({ userId }) => userId) as [string, string]
    chatId = (await chat.as(anna).createGroup({ name: 'Orders', memberIds: [boris] })).view.chat.id
  })
  afterAll(async () => {
    await chat.close()
    await host.close()
  })

  const caller = (userId: string) => ({ userId, sessionId: userId }) as unknown as Parameters<Embedded['listen']>[0]
  const texts = async () =>
    (await chat.as(anna).listMessages({ chatId, window: { kind: 'newest' }, limit: 50 })).items.map(({ message }) => message.text)
  async function told(): Promise<{ readonly seqs: number[]; close(): void }> {
    const seqs: number[] = []
    const take = (delivery: Delivery) => void (delivery.type === 'event' && seqs.push(delivery.event.seq))
    const connection = await chat.listen(caller(boris), take)
    return { seqs, close: () => connection.close() }
  }
  const send = (text: string, clientMessageId = key()) => ({ chatId, clientMessageId, text })

  it('keeps a row of the program and a message together, and tells of it after the commit', async () => {
    const hears = await told()
    const { tx, run, commit } = await host.begin()
    await run('create table orders_a (id int)')
    const { pending } = await chat.within(tx, options).as({ externalId: 'anna' }).sendMessage(send('ordered'))
    expect(pending).toMatchObject({ replayed: false, view: { message: { text: 'ordered' } } })
    expect(await texts()).not.toContain('ordered')
    expect(hears.seqs).toEqual([])
    await commit()
    expect(await texts()).toContain('ordered')
    await eventually(() => expect(hears.seqs).toEqual([pending.view.message.seq]))
    expect(await host.run('select count(*) as n from orders_a')).toHaveLength(1)
    hears.close()
  })

  it('leaves no message, no number and nobody told when it is rolled back', async () => {
    const hears = await told()
    const { tx, rollback } = await host.begin()
    const { pending } = await chat.within(tx, options).as(anna).sendMessage(send('never'))
    await rollback()
    const { view } = await chat.as(anna).sendMessage(send('instead'))
    expect(view.message.seq).toBe(pending.view.message.seq)
    await eventually(() => expect(hears.seqs).toEqual([view.message.seq]))
    expect(await texts()).not.toContain('never')
    hears.close()
  })

  it.runIf(kind === 'a client of pg')('leaves statements on the connection only where it was asked to', async () => {
    const { tx, commit } = await host.begin()
    await chat.within(tx, options).as(anna).sendMessage(send('left behind?'))
    const client = tx as unknown as { query(text: string): Promise<{ readonly rows: readonly unknown[] }> }
    const { rows } = await client.query("select from pg_prepared_statements where name like 'windi_chat%'")
    await commit()
    expect(rows.length > 2).toBe(options.prepare ?? false)
    expect(rows.length > 0).toBe(options.prepare ?? false)
  })

  it('leaves nothing of what was rolled back to a savepoint, and keeps the rest', async () => {
    const { tx, run, commit } = await host.begin()
    const within = chat.within(tx, options).as(anna)
    const first = await within.sendMessage(send('kept 1'))
    await run('savepoint mine')
    await within.sendMessage(send('undone'))
    await run('rollback to savepoint mine')
    const second = await within.sendMessage(send('kept 2'))
    await commit()
    expect(second.pending.view.message.seq).toBe(first.pending.view.message.seq + 1)
    expect(await texts()).toEqual(expect.arrayContaining(['kept 1', 'kept 2']))
    expect(await texts()).not.toContain('undone')
  })

  it('adds a user, opens a group and sends to it, all of which exist together', async () => {
    const { tx, commit } = await host.begin()
    const within = chat.within(tx, options)
    const vera = await within.addPerson({ externalId: `vera ${kind}`, name: 'Vera' })
    const again = await within.addPerson({ externalId: `vera ${kind}`, name: 'Vera' })
    expect(again).toEqual(vera)
    const as = within.as({ externalId: `vera ${kind}` })
    const group = await as.createGroup({ name: 'New', memberIds: [boris] })
    const { id } = group.pending.view.chat
    await as.sendMessage({ chatId: id, clientMessageId: key(), text: 'Welcome' })
    await as.addMembers({ chatId: id, userIds: [anna] })
    await as.renameChat({ chatId: id, name: 'Newer' })
    await as.removeMembers({ chatId: id, userIds: [anna] })
    await expect(chat.as(boris).getChat(id)).rejects.toMatchObject({ code: 'chat-not-found' })
    await commit()
    const { items } = await chat.as(boris).listMessages({ chatId: id, window: { kind: 'newest' }, limit: 10 })
    expect(items.map(({ message }) => message.text)).toEqual(['Welcome'])
    expect((await chat.as(boris).getChat(id)).chat).toMatchObject({ name: 'Newer', memberCount: 2, headSeq: 5 })
  })

  it('tells a new member who listens of a chat that it has made', async () => {
    const joined: string[] = []
    const connection = await chat.listen(
      caller(boris),
      (delivery) => void (delivery.type === 'event' && joined.push(delivery.event.chatId)),
    )
    const { tx, commit } = await host.begin()
    const { pending } = await chat
      .within(tx, options)
      .as(anna)
      .createGroup({ name: 'Told', memberIds: [boris] })
    await commit()
    await eventually(() => expect(joined).toContain(pending.view.chat.id))
    connection.close()
  })

  it('takes a repeated key for what it is, in the same transaction and after it', async () => {
    const once = send('once')
    const { tx, commit } = await host.begin()
    const within = chat.within(tx, options).as(anna)
    const first = await within.sendMessage(once)
    const second = await within.sendMessage(once)
    expect(second.pending).toMatchObject({ replayed: true, view: { message: { id: first.pending.view.message.id } } })
    await commit()
    expect(await chat.as(anna).sendMessage(once)).toMatchObject({ replayed: true })
  })

  it('goes on after a refusal', async () => {
    const { tx, commit } = await host.begin()
    const within = chat.within(tx, options).as(anna)
    const refused = await within.sendMessage({ ...send(''), text: ' ' }).catch((error: unknown) => error)
    expect(isRefusal(refused, 'text-empty')).toBe(true)
    await expect(within.addMembers({ chatId, userIds: ['0198c5d2-0000-7000-8000-00000000dead'] })).rejects.toMatchObject({
      code: 'user-not-found',
    })
    for (const who of ['0198c5d2-0000-7000-8000-00000000dead', { externalId: 'nobody' }])
      await expect(chat.within(tx, options).as(who).sendMessage(send('from nobody'))).rejects.toMatchObject({ code: 'user-not-found' })
    const edited = await within.sendMessage(send('to be edited'))
    const { id } = edited.pending.view.message
    await within.editMessage({ chatId, messageId: id, text: 'edited' })
    const gone = await within.sendMessage(send('to be deleted'))
    await within.deleteMessage({ chatId, messageId: gone.pending.view.message.id })
    await within.sendMessageToUser({ userId: boris, clientMessageId: key(), text: 'Hi' })
    await within.openPrivateChat({ userId: boris })
    await commit()
    expect(await texts()).toContain('edited')
  })

  it('is needed: outside one, nothing is done', async () => {
    const { tx, commit } = await host.begin()
    await commit()
    await expect(chat.within(tx, options).as(anna).sendMessage(send('nowhere'))).rejects.toThrow(/needs an open transaction/)
    expect(await texts()).not.toContain('nowhere')
  })

  it('is what a follower gets, on the connection of the program', { timeout: 30_000 }, async () => {
    await host.run(`create table seen_${n} (seq int)`)
    const table = `seen_${n}`
    const following = chat.follow(`counts ${table}`, { from: 'now', types: ['message.sent'], tx: true }, (events, tx) => {
      const written = events.map(({ seq }) => host.runOn(tx, `insert into ${table} values (${seq})`))
      return isOnPostgres(kind) ? Promise.all(written).then(() => {}) : undefined
    })
    await new Promise((resolve) => void setTimeout(resolve, 50))
    const { view } = await chat.as(anna).sendMessage(send('followed'))
    await eventually(async () => expect(await host.run(`select seq from ${table}`)).toEqual([{ seq: view.message.seq }]), {
      timeoutMs: 20_000,
    })
    await following.stop()
  })

  // A SQLite database has one writer at a time.
  it.each(isOnPostgres(kind) ? [kind] : [])('makes one private chat, however many transactions open it at once', async () => {
    const [{ userId: vasya }] = (await chat.people.upsert([{ externalId: `vasya ${kind}`, name: 'Vasya' }])) as unknown as [
      { userId: string },
    ]
    const [one, other] = await Promise.all([host.begin(), host.begin()])
    const first = await chat.within(one.tx).as(anna).sendMessageToUser({ userId: vasya, clientMessageId: key(), text: '1' })
    const second = chat.within(other.tx).as(vasya).sendMessageToUser({ userId: anna, clientMessageId: key(), text: '2' })
    const third = chat.as(vasya).sendMessageToUser({ userId: anna, clientMessageId: key(), text: '3' })
    await new Promise((resolve) => void setTimeout(resolve, 400))
    await one.commit()
    const { pending } = await second
    await other.commit()
    const { view } = await third
    expect(new Set([first.pending.view.message.chatId, pending.view.message.chatId, view.message.chatId]).size).toBe(1)
  })

  // A SQLite database has one writer at a time.
  it.each(isOnPostgres(kind) ? [kind] : [])('holds up its own chat and no other', async () => {
    const [here, there] = await Promise.all(
      ['Held', 'Free'].map(async (name) => (await chat.as(anna).createGroup({ name, memberIds: [boris] })).view.chat.id),
    )
    const { tx, commit } = await host.begin()
    await chat.within(tx, options).lock([here!, there!].slice(0, 1))
    await chat.within(tx, options).as(anna).sendMessage({ chatId: here!, clientMessageId: key(), text: '1' })
    const waiting = ['2', '3', '4'].map((text) =>
      chat.api.sendMessage(caller(boris), { chatId: asId(here!), clientMessageId: asId(key()), text }),
    )
    const times: number[] = []
    for (let i = 0; i < 20; i++) {
      const start = performance.now()
      await chat.as(anna).sendMessage({ chatId: there!, clientMessageId: key(), text: String(i) })
      times.push(performance.now() - start)
      await new Promise((resolve) => void setTimeout(resolve, 30))
    }
    expect(Math.max(...times)).toBeLessThan(600)
    await commit()
    const sent = await Promise.all(waiting)
    expect(sent.map(({ view }) => view.message.seq)).toEqual([3, 4, 5])
  })
})

describe('a store', () => {
  it('that has no database takes part in no transaction', async () => {
    const chat = embed(memory())
    await expect(chat.within({ inTransaction: true, prepare: () => ({}) }).lock([])).rejects.toThrow(/cannot take part/)
    await chat.close()
  })

  it.runIf(databases.includes('sqlite'))('in memory of SQLite takes part in none', async () => {
    const chat = embed(await database('sqlite::memory:'))
    await expect(chat.within({ inTransaction: true, prepare: () => ({}) }).lock([])).rejects.toThrow(/needs a SQLite file/)
    await chat.close()
  })

  it.runIf(databases.includes('postgres'))('refuses what is no client of its database, such as a pool', async () => {
    const host = await hosts['a client of pg']()
    const chat = embed(await database(host.database))
    const { pool } = host.database as unknown as { readonly pool: never }
    await expect(chat.within(pool).lock([])).rejects.toThrow(/takes a client of pg/)
    await chat.close()
    await host.close()
  })
})

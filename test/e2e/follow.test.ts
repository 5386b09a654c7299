import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory/ports.ts'
import { connect } from '../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import type { Consumers } from '../../src/application/ports/consumers.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { asId } from '../../src/domain/ids.ts'
import { type Embedded, embed, type OpenStore } from '../../src/main/embed.ts'
import { database } from '../../src/mikro-orm.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

const say = (text: string) => ({ clientMessageId: asId<never>(text), text })

interface Connection {
  query?(text: string, values: readonly unknown[]): Promise<unknown>
  prepare?(text: string): { run(...values: readonly unknown[]): unknown }
}

interface Stage {
  readonly chat: Embedded
  readonly consumers: Consumers
  readonly url: string
}

async function onStore(kind: (typeof databases)[number], use: (stage: Stage) => Promise<void>): Promise<void> {
  await using folder = await tempFolder()
  const own = kind === 'postgres' ? await freshDatabase() : undefined
  const url = own?.url ?? `sqlite:${folder.path}/chat.db`
  const open: OpenStore = kind === 'memory' ? memory() : await database(url)
  let consumers: Consumers | undefined
  const chat = embed((...given) => {
    const ports = open(...given)
    consumers = ports.consumers
    return ports
  })
  try {
    await use({ chat, consumers: consumers!, url })
  } finally {
    await chat.close()
    await own?.drop()
  }
}

const numbers = (events: readonly ChatEvent[]) => events.map(({ seq }) => seq)

describe.each(databases)('following, on %s', (kind) => {
  it('hands over every event from the start, in order, and later ones as they come', () =>
    onStore(kind, async ({ chat }) => {
      const [ann, bob] = [await chat.addPerson({ name: 'Ann' }), await chat.addPerson({ name: 'Bob' })]
      await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say('one') })
      const seen: ChatEvent[] = []
      const following = chat.follow('all', { from: 'start' }, (events) => void seen.push(...events))
      await eventually(() => expect(numbers(seen)).toEqual([1, 2]))
      for (const text of ['two', 'three']) await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say(text) })
      await eventually(() => expect(numbers(seen)).toEqual([1, 2, 3, 4]))
      await following.stop()
      await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say('four') })
      const again = chat.follow('all', { from: 'now', types: ['message.sent'] }, (events) => void seen.push(...events))
      await eventually(() => expect(numbers(seen)).toEqual([1, 2, 3, 4, 5]))
      await again.stop()
      await chat.unfollow('all')
    }))

  it('begins now where that is asked for, and hands over what is asked for', () =>
    onStore(kind, async ({ chat, consumers }) => {
      const [ann, bob] = [await chat.addPerson({ name: 'Ann' }), await chat.addPerson({ name: 'Bob' })]
      await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say('before') })
      const seen: ChatEvent[] = []
      await pause(5)
      chat.follow('sent', { from: 'now', types: ['message.sent'] }, (events) => void seen.push(...events))
      await eventually(async () => expect(await consumers.list()).toHaveLength(1))
      await pause(5)
      const { view } = await chat.api.createGroup(ann, { name: 'Group', memberIds: [bob.userId] })
      await chat.api.sendMessage(ann, { chatId: view.chat.id, ...say('after') })
      await eventually(() => expect(seen).toMatchObject([{ type: 'message.sent', seq: 2 }]))
    }))

  it(
    'hands over the same again where the handler threw, and goes on in other chats',
    () =>
      onStore(kind, async ({ chat }) => {
        const [ann, bob, cyd] = [
          await chat.addPerson({ name: 'A' }),
          await chat.addPerson({ name: 'B' }),
          await chat.addPerson({ name: 'C' }),
        ]
        const seen: string[] = []
        let isBroken = true
        chat.follow('some', { from: 'start', types: ['message.sent'] }, (events) => {
          for (const event of events)
            if (event.type === 'message.sent') {
              if (isBroken && event.message.text === 'bad') throw new Error('not this one')
              seen.push(event.message.text!)
            }
        })
        await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say('bad') })
        await chat.api.sendMessageToUser(ann, { userId: cyd.userId, ...say('good') })
        await eventually(() => expect(seen).toEqual(['good']))
        isBroken = false
        await eventually(() => expect(seen).toEqual(['good', 'bad']), { timeoutMs: 15_000 })
      }),
    30_000,
  )
})

describe.each(databases.filter((kind) => kind !== 'memory'))('following in a transaction, on %s', (kind) => {
  it(
    'commits what the handler writes with the cursor, or neither',
    () =>
      onStore(kind, async ({ chat, url }) => {
        const host = await connect(url)
        const query = queryOn(host)
        await query.change('create table tally (seq integer)', [])
        const [ann, bob] = [await chat.addPerson({ name: 'Ann' }), await chat.addPerson({ name: 'Bob' })]
        let fails = 1
        chat.follow('kept', { from: 'start', tx: true, batch: 1 }, (events, connection) => {
          const written = events.map(({ seq }) => write(connection as Connection, 'insert into tally (seq) values ($1)', [seq]))
          if (fails-- > 0) throw new Error('after it has written')
          return kind === 'postgres' ? Promise.all(written) : undefined
        })
        for (const text of ['one', 'two']) await chat.api.sendMessageToUser(ann, { userId: bob.userId, ...say(text) })
        const tally = async () => (await query('select seq from tally order by seq', [])).map((row) => row.seq)
        await eventually(async () => expect(await tally()).toEqual([1, 2, 3]), { timeoutMs: 15_000 })
        await host.close()
      }),
    30_000,
  )
})

const write = (connection: Connection, text: string, values: readonly unknown[]): unknown =>
  connection.query ? connection.query(text, values) : connection.prepare!(text.replace('$1', '?')).run(...values)

import { afterEach, describe, expect, it } from 'vitest'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { freshDatabase } from '../support/databases.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { sql } from '../support/sql.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** Two processes on one Postgres; each writes messages one at a time, and so on what its last one left. */
async function twoProcesses() {
  const database = await freshDatabase()
  opened.push(database.drop)
  const open = async () => {
    const store = await openUrl(database.url)
    opened.push(store.close)
    return sceneOf(store)
  }
  const here = await open()
  const there = await open()
  const [anna, boris] = (await here.persons(2)) as [UserId, UserId]
  const chat = await here.group(anna, boris)
  await here.send(chat, anna, 'first')
  await here.send(chat, boris, 'second')
  return { here, there, anna, boris, chat, url: database.url }
}

describe('messages that go alone, on Postgres', () => {
  it('keep one order with those of another process', async () => {
    const { here, there, anna, boris, chat } = await twoProcesses()
    for (let i = 0; i < 5; i++) {
      await there.send(chat, boris, `there ${i}`)
      await here.send(chat, anna, `here ${i}`)
      await here.send(chat, boris, `here as well ${i}`)
    }
    const texts = (await there.events(chat)).flatMap((event) => (event.type === 'message.sent' ? [event.message.text] : []))
    const rounds = [0, 1, 2, 3, 4].flatMap((i) => [`there ${i}`, `here ${i}`, `here as well ${i}`])
    expect(texts).toEqual(['first', 'second', ...rounds])
  })

  it('are refused from whoever was removed elsewhere', async () => {
    const { here, there, anna, boris, chat } = await twoProcesses()
    await there.dismiss(chat, anna, boris)
    await expect(here.send(chat, boris, 'still here?')).rejects.toMatchObject({ code: 'chat-not-found' })
  })

  it('carry the name that their sender has now', async () => {
    const { here, anna, chat, url } = await twoProcesses()
    await sql(url, `update users set name = 'Anna Renamed' where id = '${anna}'`)
    expect((await here.send(chat, anna, 'hello')).sender.name).toBe('Anna Renamed')
  })

  it('are there once, however often they are sent', async () => {
    const { here, there, anna, chat } = await twoProcesses()
    const [first, second, third] = [
      await here.send(chat, anna, 'once', { key: 'same' }),
      await here.send(chat, anna, 'once', { key: 'same' }),
      await there.send(chat, anna, 'once', { key: 'same' }),
    ]
    expect([second.id, third.id]).toEqual([first.id, first.id])
    expect((await here.events(chat)).filter((event) => event.type === 'message.sent')).toHaveLength(3)
  })
})

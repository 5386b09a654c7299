import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PURGED_AT_ONCE } from '../../src/adapters/mikro-orm/chats/purge.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { ERASED_AT_ONCE } from '../../src/adapters/mikro-orm/log/erase-texts.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

const kinds = databases.filter((kind) => kind !== 'memory')

describe.each(kinds)('what is large goes in pieces, on %s', (kind) => {
  let url: string
  let behind: Database
  let remove: () => Promise<void>
  beforeAll(async () => {
    if (kind === 'postgres') {
      const database = await freshDatabase()
      url = database.url
      remove = database.drop
    } else {
      const folder = await tempFolder()
      url = `sqlite:${join(folder.path, 'chat.db')}`
      remove = folder.remove
    }
    behind = await connect(url)
  })
  afterAll(async () => {
    await behind.close()
    await remove()
  })

  const sendMany = ({ send }: Scene, chat: ChatId, sender: UserId, count: number, text: string) =>
    Promise.all(Array.from({ length: count }, (_, i) => send(chat, sender, `${text} ${i}`)))
  const count = async (table: string, chat: ChatId) => {
    const [row] = await queryOn(behind)(`select count(*) as n from ${table} where chat_id = $1`, [chat])
    return Number(row!.n)
  }
  async function nothingIsLeft(chat: ChatId) {
    await eventually(async () => {
      for (const table of ['messages', 'events', 'marks', 'gone_chats', 'search_blocks'])
        expect([table, await count(table, chat)]).toEqual([table, 0])
    })
  }

  it('a deleted chat at once to whoever looks, and then all that it held, and nothing else', async () => {
    const store = await openUrl(url)
    const stage = sceneOf(store)
    const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
    const [chat, other] = [await stage.group(ann, bob), await stage.group(ann, bob)]
    await sendMany(stage, chat, ann, PURGED_AT_ONCE[kind] + 50, 'needle')
    await sendMany(stage, other, bob, 5, 'needle')
    await stage.read(chat, bob, 40)
    expect((await store.chats.search(bob, { query: 'needle' }, { limit: 100, count: true })).items).toHaveLength(100)
    await stage.disband(chat, ann)
    expect((await store.chats.search(bob, { query: 'needle' }, { limit: 100 })).items).toHaveLength(5)
    expect(await store.chats.heads([chat, other])).toEqual(new Map([[other, 6]]))
    expect(await store.chats.messages(bob, chat, { kind: 'newest' }, {}, 10, false)).toBeUndefined()
    await nothingIsLeft(chat)
    expect(await count('messages', other)).toBe(5)
    expect((await store.log.read(other, 0, 100)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    await store.close()
  })

  it('what an earlier process had not come to', async () => {
    const earlier = await openUrl(url)
    const stage = sceneOf(earlier)
    const ann = await stage.person()
    const [chat, other] = [await stage.group(ann), await stage.group(ann)]
    await sendMany(stage, chat, ann, 20, 'left')
    await sendMany(stage, other, ann, 3, 'kept')
    await earlier.close()
    const { change } = queryOn(behind)
    await change('delete from members where chat_id = $1', [chat])
    await change('delete from chats where id = $1', [chat])
    await change('insert into gone_chats (chat_id) values ($1)', [chat])
    const store = await openUrl(url)
    await nothingIsLeft(chat)
    expect(await count('messages', other)).toBe(3)
    await store.close()
  })

  it('the texts of who is deleted: the latest with the event that tells it, the others before', async () => {
    const store = await openUrl(url)
    const stage = sceneOf(store)
    const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
    const chat = await stage.group(ann, bob)
    const kept = ERASED_AT_ONCE[kind]
    await sendMany(stage, chat, ann, 3, 'hers')
    await sendMany(stage, chat, bob, 2 * kept + 5, 'secret')
    const at = stage.tick()
    const erase = () => store.log.eraseTexts({ chatId: chat, userId: bob, at })
    expect([await erase(), await erase(), await erase()]).toEqual([kept, 5, 0])
    const textsOf = async (word: string) =>
      (await stage.events(chat, 500))
        .flatMap((event) => (event.type === 'message.sent' ? [event.message.text ?? 'gone'] : []))
        .filter((text) => text.startsWith(word))
    expect(await textsOf('secret')).toHaveLength(kept)
    expect(await textsOf('hers')).toHaveLength(3)
    expect(await store.chats.toErase(bob)).toMatchObject([{ chatId: chat }])
    await stage.eraseFrom(chat, bob)
    expect(await textsOf('secret')).toEqual([])
    expect(await textsOf('gone')).toHaveLength(2 * kept + 5)
    expect(await textsOf('hers')).toHaveLength(3)
    expect(await store.chats.toErase(bob)).toEqual([])
    await store.close()
  })
})

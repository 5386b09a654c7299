import { expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { readDump, writeDump } from '../../src/adapters/mikro-orm/dump/dump.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'

const eventsIn = (database: Database) => queryOn(database)('select seq, type, actor_id, payload from events order by chat_id, seq', [])

it('an export keeps events of kinds that this version does not know, to the letter', async () => {
  await using folder = await tempFolder()
  const url = `sqlite:${folder.path}/chat.db`
  const store = await openUrl(url)
  const scene = sceneOf(store)
  const ann = await scene.person()
  const chat = await scene.group(ann)
  await store.appendUnknown({ type: 'unknown', kind: 'message.probed', chatId: chat, seq: 2, at: scene.tick(), actorId: ann })
  await store.close()

  const [from, to] = await Promise.all([connect(url), connect('sqlite::memory:')])
  try {
    await migrate(to)
    await readDump(from, (dump) => writeDump(to, dump, (what) => new Error(what)))
    expect(await eventsIn(to)).toEqual(await eventsIn(from))
    expect(await eventsIn(to)).toMatchObject([{ type: 'chat.created' }, { seq: 2, type: 'message.probed' }])
  } finally {
    await Promise.all([from.close(), to.close()])
  }
})

it('rules that an earlier release wrote are read with those that came later', async () => {
  await using folder = await tempFolder()
  const url = `sqlite:${folder.path}/chat.db`
  const store = await openUrl(url)
  const scene = sceneOf(store)
  const ann = await scene.person()
  const chat = await scene.group(ann)
  const database = await connect(url)
  const written = { post: 'admin', add: 'admin', invite: 'owner', slowS: 30 }
  const { change } = queryOn(database)
  await change('insert into {events} (chat_id, seq, type, actor_id, at, payload) values ($1, 2, $2, $3, 5, $4)', [
    chat,
    'chat.rules_changed',
    ann,
    JSON.stringify({ rules: written }),
  ])
  await change('update {chats} set head_seq = 2 where id = $1', [chat])
  await database.close()
  const [, event] = await store.log.read(chat, 0, 10)
  expect(event).toMatchObject({ type: 'chat.rules_changed', rules: { ...written, keepS: 0 } })
  await store.close()
})

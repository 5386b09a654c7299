import { describe, expect, it } from 'vitest'
import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { mikroOrmCommits } from '../../src/adapters/mikro-orm/database/commits.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { asId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { erasedWorld } from '../support/erased/world.ts'
import { BetterSqlite, Pool } from '../support/host-tables.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

type Kind = 'sqlite' | 'postgres'
const kinds = databases.filter((kind): kind is Kind => kind !== 'memory')

/** A connection of whoever else writes: what it runs inside of a transaction, and how that ends. */
async function stranger(kind: Kind, url: string) {
  if (kind === 'sqlite') {
    const handle = new BetterSqlite(url.slice('sqlite:'.length))
    return { run: async (text: string) => void handle.exec(text), close: async () => void handle.close() }
  }
  const pool = new Pool({ connectionString: url, max: 1 })
  // Its connection may still be closing when the database is dropped.
  pool.on('error', () => undefined)
  return { run: async (text: string) => void (await pool.query(text)), close: () => pool.end() }
}

/** One store, those who write into it, and the stamps that this connection and another one read. */
async function stampedWorld(kind: Kind) {
  const folder = await tempFolder()
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const url = fresh?.url ?? `sqlite:${folder.path}/data/chat.db`
  const [here, there]: readonly Database[] = [await connect(url), await connect(url)]
  await migrate(here!)
  const { api, person, close } = await erasedWorld({ database: here!, blobs: memoryBlobs(), folder: folder.path, change: () => ({}) })
  const [anna, boris] = [await person('Anna'), await person('Boris')]
  const { view } = await api.createGroup(anna, { name: 'Group', memberIds: [boris.userId] })
  const other = await stranger(kind, url)
  return {
    api,
    anna,
    boris,
    chatId: view.chat.id,
    here: mikroOrmCommits(here!).stamp,
    there: mikroOrmCommits(there!).stamp,
    query: queryOn(there!),
    run: other.run,
    async close() {
      await other.close()
      await there!.close()
      await close()
      await fresh?.drop()
      await folder.remove()
    },
  }
}
type World = Awaited<ReturnType<typeof stampedWorld>>

let keys = 0
const deeds: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'a message': ({ api, anna, chatId }) => api.sendMessage(anna, { chatId, clientMessageId: asId(`key ${keys++}`), text: 'text' }),
  'a mark': ({ api, boris, chatId }) => api.markRead(boris, { chatId, seq: 2 }),
  'an own state': ({ api, boris, chatId }) => api.updateMyChat(boris, { chatId, pinned: true }),
  'a chat': ({ api, anna }) => api.createGroup(anna, { name: 'Other', memberIds: [] }),
  'a block': ({ api, anna, boris }) => api.blockUser(anna, boris.userId),
  'a name': ({ api, anna }) => api.updateMe(anna, { name: 'Anna Other' }),
  'a member who leaves': ({ api, boris, chatId }) => api.removeMembers(boris, { chatId, userIds: [boris.userId] }),
  'a deletion': ({ api, anna, chatId }) => api.deleteChat(anna, chatId),
}

describe.each(kinds)('the stamp of %s', (kind) => {
  it('is another one after whatever is committed, for whoever asks', async () => {
    const world = await stampedWorld(kind)
    const same: string[] = []
    for (const [name, deed] of Object.entries(deeds)) {
      const before = [await world.here(), await world.there()]
      await deed(world)
      const after = [await world.here(), await world.there()]
      same.push(...after.filter((stamp) => before.includes(stamp)).map(() => name))
    }
    expect(same).toEqual([])
    await world.close()
  })

  it('stays the same while nothing is', async () => {
    const world = await stampedWorld(kind)
    // The server may be another test's, too, which commits now and then.
    await eventually(async () => {
      const before = [await world.here(), await world.there()]
      await world.query('select count(*) from {messages}', [])
      expect([await world.here(), await world.there()]).toEqual(before)
    })
    await world.close()
  })

  it('is another one once a transaction has ended that was open when it was asked', async () => {
    const world = await stampedWorld(kind)
    await world.run('begin')
    await world.run('update chats set head_seq = head_seq + 1')
    const open = [await world.here(), await world.there()]
    await world.run('commit')
    const ended = [await world.here(), await world.there()]
    expect(ended.filter((stamp) => open.includes(stamp))).toEqual([])
    await world.close()
  })
})

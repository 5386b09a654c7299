import { join } from 'node:path'
import { tempFolder } from '../../test/support/places.ts'
import type { LibraryBegin, Sender } from '../children/library.ts'
import type { Begin, OpenSockets, Seat } from '../children/socket-load.ts'
import { built } from '../measure/built.ts'
import { startChild } from '../measure/child.ts'
import type { Plan, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const CHATS = 100
const SIZE = 6
const OUTSTANDING = 64

/** What a message costs that has more than a text. */
export const content: Section = {
  name: 'content',
  explains:
    'Durable sends per second of messages with five mentions. The limit are the same sends without mentions, by the same people in the same groups of six. Over WebSocket each outstanding send has a socket of its own.',
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, CHATS * SIZE)
    const groups = await world.groups(CHATS, SIZE)
    const places = groups.map((chatId, i) => {
      const [person, ...others] = world.people.slice(i * SIZE, (i + 1) * SIZE)
      return { person: person!, chatId, names: others.map(({ userId }) => userId) }
    })
    const folder = await tempFolder('windi-chat-bench')
    const file = `sqlite:${join(folder.path, 'chat.db')}`
    const inFile = await fill(file)

    const server = startChild('children/server.ts', bench)
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const load = startChild('children/socket-load.ts')
    const libraries = [world.url, file].map((databaseUrl) => {
      const library = startChild('children/library.ts', bench)
      return { library, started: library.ask('start', { databaseUrl }) }
    })
    await Promise.all(libraries.map(({ started }) => started))
    const [overPostgres, overSqlite] = libraries.map(({ library }) => library) as [typeof server, typeof server]

    async function sockets(chats: number, isNaming: boolean) {
      const seats = Array.from({ length: OUTSTANDING }, (_, i): Seat => {
        const { person, chatId, names } = places[i % chats]!
        return { userId: person.userId, token: person.token, chatId, ...(isNaming && { names }) }
      })
      await load.ask('open', { port, seats, resumes: false } satisfies OpenSockets)
      const begin: Begin = { each: 1, counts: 'answers' }
      const measured = await measureWindow({ load, server, begin, seconds, database: postgres.cpu })
      await load.ask('close')
      return measured
    }
    function sends(library: typeof server, senders: readonly Sender[], chats: number, isNaming: boolean) {
      const some = Array.from({ length: OUTSTANDING }, (_, i) => senders[i % chats]!)
      const begin: LibraryBegin = { senders: isNaming ? some : some.map(({ caller, chatId }) => ({ caller, chatId })) }
      return measureWindow({ load: library, server: library, begin, seconds, ...(library === overPostgres && { database: postgres.cpu }) })
    }
    const inDatabase = places.map(({ person, chatId, names }): Sender => ({ caller: person, chatId, names }))
    const ways: Readonly<Record<string, (chats: number, isNaming: boolean) => Promise<Awaited<ReturnType<typeof measureWindow>>>>> = {
      'through WebSocket, Postgres': sockets,
      'in the library, Postgres': (chats, isNaming) => sends(overPostgres, inDatabase, chats, isNaming),
      'in the library, SQLite': (chats, isNaming) => sends(overSqlite, inFile, chats, isNaming),
    }
    const plan = (way: string, chats: number): Plan => ({
      title: `Five mentions, ${chats === 1 ? 'one chat' : `${chats} chats`}, ${OUTSTANDING} outstanding, ${way}`,
      unit: '/s',
      limitIs: 'without mentions',
      target: { is: 'at least', ratio: 0.5 },
      subject: () => ways[way]!(chats, true),
      limit: () => ways[way]!(chats, false),
    })
    return {
      plans: Object.keys(ways).flatMap((way) => (isSmoke ? [CHATS] : [1, CHATS]).map((chats) => plan(way, chats))),
      async close() {
        for (const child of [server, load, overPostgres, overSqlite]) await child.stop()
        await world.close()
        await folder.remove()
      },
    }
  },
}

/** The same groups in a file. */
async function fill(databaseUrl: string): Promise<readonly Sender[]> {
  const { database } = await built('mikro-orm')
  const { embed } = await built('index')
  const chat = embed(await database(databaseUrl))
  const senders: Sender[] = []
  for (let i = 0; i < CHATS; i++) {
    const people = []
    for (let n = 0; n < SIZE; n++) people.push(await chat.addPerson({ name: `Person ${i}.${n}` }))
    const [caller, ...others] = people
    const names = others.map(({ userId }) => userId)
    const { view } = await chat.api.createGroup(caller!, { name: `Group ${i}`, memberIds: names })
    senders.push({ caller: caller!, chatId: view.chat.id, names })
  }
  await chat.close()
  return senders
}

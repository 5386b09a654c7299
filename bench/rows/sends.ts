import { openLimit } from '../baselines/pgbench.ts'
import type { LibraryBegin, Sender } from '../children/library.ts'
import type { Begin, OpenSockets, Seat } from '../children/socket-load.ts'
import { startChild } from '../measure/child.ts'
import type { Plan, Section, Target } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld, type Person } from '../measure/world.ts'

const CHATS = 100
const PEOPLE = 2 * CHATS
type Way = 'library' | 'HTTP' | 'WebSocket'
type Which = 'one' | 'many'

const targets: Readonly<Record<string, Target>> = {
  'library one 64': { is: 'at least', ratio: 5 },
  'library one 512': { is: 'at least', ratio: 5 },
  'library many 64': { is: 'at least', ratio: 1.5 },
  'library many 512': { is: 'at least', ratio: 3 },
}

/** Durable sends per second, by every way in. */
export const sends: Section = {
  name: 'sends',
  explains:
    'Durable sends per second. Beside each, in the same minute, one statement per message with the same reads and rows, run by pgbench: with one client where one send is outstanding, else at its better of 16 and 32. Over HTTP each outstanding send has a connection of its own, over WebSocket a socket of its own that was not resumed, so that it is told answers and no events; the one-to-one lines have both.',
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, PEOPLE)
    const limit = await openLimit(postgres.url, postgres.cpu, CHATS)
    const hot = await world.group(PEOPLE)
    const pairs = await world.pairs(CHATS)
    const place = (which: Which, i: number): { person: Person; chatId: Sender['chatId'] } => {
      // Neighbours sit in different chats, so that 64 writers are in 64 of them.
      const n = which === 'one' ? i % PEOPLE : (2 * (i % CHATS) + (Math.floor(i / CHATS) % 2)) % PEOPLE
      return { person: world.people[n]!, chatId: which === 'one' ? hot : pairs[Math.floor(n / 2)]! }
    }
    const places = (which: Which, count: number) => Array.from({ length: count }, (_, i) => place(which, i))

    const library = startChild('children/library.ts', bench)
    const server = startChild('children/server.ts', bench)
    await library.ask('start', { databaseUrl: world.url })
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const loads = { HTTP: startChild('children/http-load.ts'), WebSocket: startChild('children/socket-load.ts') }

    async function subject(way: Way, which: Which, outstanding: number) {
      const common = { database: postgres.cpu, seconds }
      if (way === 'library') {
        const senders = places(which, outstanding).map(({ person, chatId }) => ({ caller: person, chatId }))
        const begin: LibraryBegin = { senders }
        return measureWindow({ load: library, server: library, begin, ...common })
      }
      const load = loads[way]
      const seats = places(which, outstanding).map(({ person, chatId }): Seat => ({ userId: person.userId, token: person.token, chatId }))
      await load.ask('open', { port, seats, resumes: false } satisfies OpenSockets)
      const measured = await measureWindow({ load, server, begin: { each: 1, counts: 'answers' } satisfies Begin, ...common })
      await load.ask('close')
      return measured
    }

    const plan = (way: Way, which: Which, outstanding: number): Plan => ({
      title: `Sends, ${which === 'one' ? 'one chat' : `${CHATS} chats`}, ${outstanding} outstanding, ${way === 'library' ? 'in the library' : `through ${way}`}`,
      unit: '/s',
      limitIs: 'pgbench',
      target: targets[`${way} ${which} ${outstanding}`],
      subject: () => subject(way, which, outstanding),
      limit: () => (outstanding === 1 ? limit.measure(which, 1, seconds) : limit.best(which, seconds)),
    })
    const ways: readonly Way[] = ['library', 'HTTP', 'WebSocket']
    const many = ways.flatMap((way) => (['one', 'many'] as const).flatMap((which) => [64, 512].map((count) => plan(way, which, count))))
    const lone = ways.map((way) => plan(way, 'many', 1))
    return {
      plans: isSmoke ? [plan('library', 'many', 64), plan('HTTP', 'one', 1), plan('WebSocket', 'one', 64)] : [...many, ...lone],
      async close() {
        for (const child of [library, server, ...Object.values(loads)]) await child.stop()
        await limit.close()
        await world.close()
      },
    }
  },
}

import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../../test/support/sql.ts'
import type { OpenIdle } from '../children/idle-load.ts'
import { startChild } from '../measure/child.ts'
import type { Measured, Section } from '../measure/plan.ts'
import { makeWorld } from '../measure/world.ts'

const BOUND = 500
/** After which the pages of the last resumes are counted, and the first look of everybody is over. */
const SETTLE_MS = 75_000

/** Long enough for the look at everything that comes once a minute. */
const A_LOOK_S = 65

/** What connected people cost who do nothing. */
export const idle: Section = {
  name: 'idle',
  rounds: 2,
  explains: `Pages that Postgres touches each second for people who are connected and do nothing: each has a resumed socket and a private chat. Beside them the bound, ${BOUND} pages. Counted, not timed.`,
  async prepare(bench) {
    const { isSmoke } = bench.scale
    const count = isSmoke ? 60 : 5_000
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, count)
    await world.pairs(count / 2)
    const server = startChild('children/server.ts', bench)
    const load = startChild('children/idle-load.ts')
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const tokens = world.people.map(({ token }) => token)
    await load.ask('open', { port, count, tokens, resumes: true } satisfies OpenIdle)
    bench.say('idle: waiting until everybody is quiet')
    await pause(isSmoke ? 0 : SETTLE_MS)

    /** All pages of this database, whoever reads them. */
    async function pages(): Promise<number> {
      const name = new URL(world.url).pathname.slice(1)
      const [row] = await sql(postgres.url, `select (blks_hit + blks_read)::float8 as n from pg_stat_database where datname = '${name}'`)
      return row!.n as number
    }
    async function perSecond(): Promise<Measured> {
      const seconds = isSmoke ? 1 : A_LOOK_S
      const before = await pages()
      await pause(seconds * 1_000)
      return { value: ((await pages()) - before) / seconds }
    }
    return {
      plans: [
        {
          title: `${count} people who do nothing: pages a second`,
          unit: 'pages',
          limitIs: 'the bound',
          target: { is: 'at most', ratio: 1 },
          subject: perSecond,
          limit: async () => ({ value: BOUND }),
        },
      ],
      async close() {
        await Promise.all([load.stop(), server.stop()])
        await world.close()
      },
    }
  },
}

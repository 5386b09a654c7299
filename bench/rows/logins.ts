import { sql } from '../../test/support/sql.ts'
import type { BeginLogins } from '../children/login-load.ts'
import { startChild } from '../measure/child.ts'
import type { Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const AT_ONCE = 32
const PASSWORD = 'correct horse battery'

/** Everybody comes back at once. */
export const logins: Section = {
  name: 'logins',
  explains: `${AT_ONCE} people sign in over HTTP at the same time, again and again; each gets a session and its tokens. Beside it argon2 alone, with the same parameters, on all processors.`,
  async prepare(bench) {
    const { seconds } = bench.scale
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, AT_ONCE)
    const server = startChild('children/server.ts', bench)
    const argon2 = startChild('baselines/argon2.ts')
    const load = startChild('children/login-load.ts')
    const hash = await argon2.ask<string>('hashed', PASSWORD)
    await sql(world.url, `update users set password_hash = '${hash}'`)
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const names = world.people.map((_, i) => `person${i + 1}`)
    const begin: BeginLogins = { port, password: PASSWORD, logins: names }
    return {
      plans: [
        {
          title: `Logins, ${AT_ONCE} at a time`,
          unit: '/s',
          limitIs: 'bare argon2',
          subject: () => measureWindow({ load, server, begin, database: postgres.cpu, seconds }),
          limit: () => measureWindow({ load: argon2, server: argon2, begin: {}, seconds }),
        },
      ],
      async close() {
        for (const child of [load, server, argon2]) await child.stop()
        await world.close()
      },
    }
  },
}

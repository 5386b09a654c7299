import { openLimit } from '../baselines/pgbench.ts'
import type { Begin, OpenSockets } from '../children/socket-load.ts'
import { startChild } from '../measure/child.ts'
import type { Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const CHATS = 100
const UNANSWERED = 8
const CPU_US = 80

/** The headline: people write to each other. */
export const oneToOne: Section = {
  name: 'one-to-one',
  explains: `${2 * CHATS} people in ${CHATS} private chats over WebSocket, resumed, each with ${UNANSWERED} unanswered sends. A send counts when it was committed and has reached the other side; its sender gets the answer and the event besides. The latency is that from one person to the other with one message at a time, each writing when the other's has come, beside a server that inserts a row and sends it to both.`,
  async prepare(bench) {
    const { seconds } = bench.scale
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, 2 * CHATS)
    const limit = await openLimit(postgres.url, postgres.cpu, CHATS)
    const pairs = await world.pairs(CHATS)
    const server = startChild('children/server.ts', bench)
    const plain = startChild('baselines/insert-then-emit.ts')
    const load = startChild('children/socket-load.ts')
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const plainPort = Number(await plain.ask('start', { databaseUrl: world.url }))
    const seats = world.people.map(({ userId, token }, i) => ({ userId, token, chatId: pairs[Math.floor(i / 2)]! }))

    async function measure(open: OpenSockets, begin: Begin, of = server) {
      await load.ask('open', open)
      const measured = await measureWindow({ load, server: of, begin, database: postgres.cpu, seconds })
      await load.ask('close')
      return measured
    }
    const two = seats.slice(0, 2)
    const turns: Begin = { each: 1, counts: 'turns' }
    return {
      plans: [
        {
          title: `One-to-one over WebSocket, ${2 * CHATS} people, ${UNANSWERED} unanswered each`,
          unit: '/s',
          limitIs: 'pgbench',
          target: { is: 'at least', ratio: 2 },
          times: bench.scale.isSmoke ? 1 : 3,
          subject: () => measure({ port, seats, resumes: true }, { each: UNANSWERED, counts: 'arrivals' }),
          limit: () => limit.best('many', seconds),
          also: [
            {
              title: 'The same: processor time of server and Postgres for each message',
              unit: 'µs',
              limitIs: `${CPU_US} µs`,
              target: { is: 'at most', ratio: 1 },
              of: ({ serverCpu, databaseCpu }) =>
                serverCpu === undefined || databaseCpu === undefined ? undefined : { subject: serverCpu + databaseCpu, limit: CPU_US },
            },
          ],
        },
        {
          title: 'Two people, one message at a time: messages',
          unit: '/s',
          limitIs: 'insert, then emit',
          times: bench.scale.isSmoke ? 1 : 3,
          subject: () => measure({ port, seats: two, resumes: true }, turns),
          limit: () =>
            measure({ port: plainPort, seats: two.map((seat) => ({ ...seat, token: seat.userId })), resumes: true }, turns, plain),
          also: [
            {
              title: 'Two people, one message at a time: p50 until it is there',
              unit: 'ms',
              limitIs: 'insert, then emit',
              target: { is: 'at most', ratio: 1.5 },
              of: ({ p50 }, plainly) => (p50 === undefined || plainly.p50 === undefined ? undefined : { subject: p50, limit: plainly.p50 }),
            },
          ],
        },
      ],
      async close() {
        for (const child of [load, server, plain]) await child.stop()
        await limit.close()
        await world.close()
      },
    }
  },
}

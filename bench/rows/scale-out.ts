import type { Begin, OpenSockets, Seat } from '../children/socket-load.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Measured, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const CHATS = 100
const UNANSWERED = 8

/** Several processes as one: their processor time together. */
const together = (...children: readonly Child[]): Child => ({
  async ask<T>(command: string, argument?: unknown) {
    if (command !== 'cpu') throw new Error(`several processes do not answer ${command}`)
    const all = await Promise.all(children.map((child) => child.ask<NodeJS.CpuUsage>('cpu', argument)))
    return all.reduce((sum, { user, system }) => ({ user: sum.user + user, system: sum.system + system })) as T
  },
  stop: async () => void (await Promise.all(children.map((child) => child.stop()))),
})

/** Two processes on one Postgres, the members of every chat divided between them. */
export const scaleOut: Section = {
  name: 'scale-out',
  explains: `${2 * CHATS} users in ${CHATS} private chats over WebSocket, resumed, each with ${UNANSWERED} unanswered sends, as in the one-to-one line. Two processes on one Postgres, each with one member of every chat, so that every message crosses the bus; beside them one process with all of them. The processor time is that of all processes of the service for each message that has reached the other member.`,
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const postgres = await bench.postgres()
    const load = startChild('children/socket-load.ts')

    /** A database with so many processes, since one that knows of others speaks to them. */
    async function service(processes: number) {
      const world = await makeWorld(postgres.url, 2 * CHATS)
      const pairs = await world.pairs(CHATS)
      const servers = Array.from({ length: processes }, () => startChild('children/server.ts', bench))
      const ports: number[] = []
      for (const server of servers) ports.push(Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret })))
      const seats = world.people.map(
        ({ userId, token }, i): Seat => ({ userId, token, chatId: pairs[Math.floor(i / 2)]!, port: ports[i % processes]! }),
      )
      return { world, server: together(...servers), seats }
    }
    const [two, one] = [await service(2), await service(1)]

    async function measure({ server, seats }: typeof two) {
      await load.ask('open', { port: seats[0]!.port!, seats, resumes: true } satisfies OpenSockets)
      const begin: Begin = { each: UNANSWERED, counts: 'arrivals' }
      const measured = await measureWindow({ load, server, begin, database: postgres.cpu, seconds })
      await load.ask('close')
      return measured
    }
    const both = ({ serverCpu, databaseCpu }: Measured) => (databaseCpu === undefined ? undefined : serverCpu! + databaseCpu)
    return {
      plans: [
        {
          title: 'Two processes with every chat across both: messages',
          unit: '/s',
          limitIs: 'one process',
          times: isSmoke ? 1 : 3,
          subject: () => measure(two),
          limit: () => measure(one),
          also: [
            {
              title: 'The same: processor time of the service for each message',
              unit: 'µs',
              limitIs: 'one process',
              target: { is: 'at most', ratio: 1.3 },
              of: (subject, limit) => ({ subject: subject.serverCpu!, limit: limit.serverCpu! }),
            },
            {
              title: 'The same, with Postgres',
              unit: 'µs',
              limitIs: 'one process',
              of(...measured) {
                const [subject, limit] = measured.map(both)
                return subject === undefined || limit === undefined ? undefined : { subject, limit }
              },
            },
          ],
        },
      ],
      async close() {
        await load.stop()
        for (const { server, world } of [two, one]) {
          await server.stop()
          await world.close()
        }
      },
    }
  },
}

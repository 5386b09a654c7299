import { sql } from '../../test/support/sql.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Bench, Measured, Plan, Section } from '../measure/plan.ts'
import { makeWorld } from '../measure/world.ts'

const FEW = 10
const DAY = 86_400_000

/** What it costs to come back when nothing has happened. */
export const resume: Section = {
  name: 'resume',
  rounds: 3,
  explains:
    'Opening a socket and resuming by `as_of` for a user with many private chats in none of which anything has moved, beside a user with 10. The bytes are those of the answer. Opening and resuming for somebody with one chat stands beside opening a socket of bare ws.',
  async prepare(bench) {
    const many = bench.scale.isSmoke ? 100 : 10_000
    const world = await crowded(bench, many)
    const server = startChild('children/server.ts', { profile: bench.profile })
    const bare = startChild('baselines/broadcast.ts')
    const load = startChild('children/resume-load.ts')
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const barePort = Number(await bare.ask('start', { bytes: 1 }))
    const [first, second, third] = world.people.map(({ token }) => token)
    const seconds = bench.scale.seconds
    const busy = () => measured(load, { port, token: first!, seconds })
    const usual = () => measured(load, { port, token: second!, seconds })

    const plans: readonly Plan[] = [
      {
        title: `Resume by as_of of ${many} chats, nothing new`,
        unit: 'ms',
        limitIs: `${FEW} chats`,
        target: { is: 'at most', ratio: 10 },
        subject: busy,
        limit: usual,
        also: [
          {
            title: `Resume by as_of of ${many} chats, nothing new: its answer`,
            unit: 'bytes',
            limitIs: '5 kB',
            target: { is: 'at most', ratio: 1 },
            of: (subject) => ({ subject: subject.bytes!, limit: 5_000 }),
          },
        ],
      },
      {
        title: 'Opening and resuming, one chat',
        unit: 'ms',
        limitIs: 'opening bare ws',
        target: { is: 'at most', ratio: 3 },
        subject: () => measured(load, { port, token: third!, seconds }),
        limit: () => measured(load, { port: barePort, seconds }),
      },
    ]
    return {
      plans,
      async close() {
        await Promise.all([load.stop(), server.stop(), bare.stop()])
        await world.close()
      },
    }
  },
}

const measured = async (load: Child, options: object): Promise<Measured> => {
  const { ms, bytes } = await load.ask<{ ms: number; bytes: number }>('open', options)
  return { value: ms, bytes }
}

/** The first person has so many chats, the second ten, the third one; all of them are of yesterday. */
async function crowded(bench: Bench, many: number) {
  const postgres = await bench.postgres()
  const world = await makeWorld(postgres.url, many + FEW + 10)
  const [first, second, third, ...others] = world.people
  const open = world.privateChats
  await open(first!, others.slice(0, many))
  await open(second!, others.slice(0, FEW))
  await open(third!, others.slice(0, 1))
  await sql(
    world.url,
    `update members set joined_at = joined_at - ${DAY}, read_at = read_at - ${DAY};
     update chats set head_at = head_at - ${DAY}, created_at = created_at - ${DAY}; update events set at = at - ${DAY}`,
  )
  await sql(world.url, 'vacuum analyze')
  return world
}

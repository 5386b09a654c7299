import type { OpenIdle } from '../children/idle-load.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Measured, Plan, Section } from '../measure/plan.ts'
import { makeWorld } from '../measure/world.ts'

const KIB = 1_024

/** What an idle socket costs. */
export const memory: Section = {
  name: 'memory',
  rounds: 2,
  explains:
    'Memory for each idle socket: what the process holds with all of them, less what it held before, both after several collections of garbage and after a first wave of sockets had come and gone. `heap` is V8’s heap and the buffers outside of it; `resident` is what the kernel counts, garbage that V8 has not given back included. Each socket is another person’s; resumed ones follow a private chat each.',
  async prepare(bench) {
    const count = bench.scale.isSmoke ? 60 : 6_000
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, count)
    await world.pairs(count / 2)
    const tokens = world.people.map(({ token }) => token)

    /** Each time a new process: memory that was once used does not come back. */
    async function measure(script: string, start: object, idle: Omit<OpenIdle, 'port' | 'count'>) {
      const server = startChild(script)
      const load = startChild('children/idle-load.ts')
      const port = Number(await server.ask('start', start))
      await load.ask('open', { port, ...idle, count: Math.min(300, count) })
      await load.ask('close')
      const before = await held(server)
      await load.ask('open', { port, ...idle, count })
      const after = await held(server)
      await load.stop()
      await server.stop()
      return { resident: (after.rss - before.rss) / count / KIB, heap: (after.heap - before.heap) / count / KIB }
    }
    type Held = Awaited<ReturnType<typeof measure>>
    let bare: Held | undefined
    const bareOnce = async () => (bare = await measure('baselines/broadcast.ts', { bytes: 1 }, {}))
    const measured = ({ heap, resident }: Held): Measured => ({ value: heap, resident })

    const plan = (what: string, resumes: boolean): Plan => ({
      title: `Memory for each of ${count} idle sockets, ${what}: heap`,
      unit: 'KiB',
      limitIs: 'bare ws',
      target: { is: 'at most', ratio: 1.4 },
      subject: async () =>
        measured(await measure('children/server.ts', { databaseUrl: world.url, jwtSecret: world.secret }, { tokens, resumes })),
      // One of each round serves both rows.
      limit: async () => measured(resumes ? bare! : await bareOnce()),
      also: [
        {
          title: `Memory for each of ${count} idle sockets, ${what}: resident`,
          unit: 'KiB',
          limitIs: 'bare ws',
          target: { is: 'at most', ratio: 1.4 },
          of: (subject, limit) => ({ subject: subject.resident!, limit: limit.resident! }),
        },
      ],
    })
    return { plans: [plan('authenticated', false), plan('resumed', true)], close: world.close }
  },
}

const held = (child: Child) => child.ask<{ rss: number; heap: number }>('memory')

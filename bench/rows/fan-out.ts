import type { OpenReaders } from '../children/fan-out-load.ts'
import type { Seat } from '../children/socket-load.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Plan, Section, Target } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const targets: Readonly<Record<string, Target>> = {
  '500 40': { is: 'at least', ratio: 4 },
  '500 1': { is: 'at least', ratio: 0.75 },
}
/** Beside a server that batches as ours does, and stores nothing. */
const batched: Readonly<Record<number, Target>> = { 100: { is: 'at least', ratio: 0.5 }, 500: { is: 'at least', ratio: 0.75 } }

/** One chat, many sockets. */
export const fanOut: Section = {
  name: 'fan-out',
  explains:
    'Deliveries per second to all sockets of one group, each socket that of another member. In flight are messages that were sent and have not reached all of them. Ours are durable messages in Postgres, from the frame that sends them on; beside them a bare server that, for every frame that comes, calls `ws.send` with one buffer of the same length for each of as many sockets, and stores nothing; or one that writes what is due to a socket in one turn of the event loop in one write. Those who read count frames by their headers.',
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const sizes = isSmoke ? [20] : [100, 500, 1_000]
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, sizes.at(-1)!)
    const server = startChild('children/server.ts', bench)
    const bare = startChild('baselines/broadcast.ts')
    const batching = startChild('baselines/broadcast.ts')
    const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
    const groups = new Map<number, readonly Seat[]>()
    for (const size of sizes) {
      const chatId = await world.group(size)
      groups.set(
        size,
        world.people.slice(0, size).map(({ userId, token }) => ({ userId, token, chatId })),
      )
    }
    const load = startChild('children/fan-out-load.ts')
    const bytes = await load.ask('sample', { port, seats: groups.get(sizes[0]!)!, isBare: false } satisfies OpenReaders)
    const barePort = Number(await bare.ask('start', { bytes }))
    const batchingPort = Number(await batching.ask('start', { bytes, batches: true }))

    async function measure(of: Child, open: OpenReaders, inFlight: number) {
      await load.ask('open', open)
      const measured = await measureWindow({
        load,
        server: of,
        begin: { inFlight },
        database: open.isBare ? undefined : postgres.cpu,
        seconds,
      })
      await load.ask('close')
      return measured
    }
    const plan = (size: number, inFlight: number): Plan => ({
      title: `Fan-out to ${size} sockets, ${inFlight} in flight: deliveries`,
      unit: '/s',
      limitIs: 'bare ws.send',
      target: targets[`${size} ${inFlight}`],
      times: targets[`${size} ${inFlight}`] ? 2 : 1,
      subject: () => measure(server, { port, seats: groups.get(size)!, isBare: false }, inFlight),
      limit: () => measure(bare, { port: barePort, seats: groups.get(size)!, isBare: true }, inFlight),
    })
    const besideBatching = (size: number): Plan => ({
      ...plan(size, 40),
      title: `The same to ${size} sockets, beside a server that batches`,
      limitIs: 'bare, batched',
      target: batched[size],
      times: 2,
      limit: () => measure(batching, { port: batchingPort, seats: groups.get(size)!, isBare: true }, 40),
    })
    return {
      plans: sizes.flatMap((size) => [plan(size, 1), plan(size, 40), ...(batched[size] ? [besideBatching(size)] : [])]),
      async close() {
        for (const child of [load, server, bare, batching]) await child.stop()
        await world.close()
      },
    }
  },
}

import { randomBytes } from 'node:crypto'
import { httpClient } from '../../test/support/http-client.ts'
import { tempFolder } from '../../test/support/places.ts'
import type { BeginOverload } from '../children/overload-load.ts'
import type { OpenSockets, Seat } from '../children/socket-load.ts'
import { type Child, startChild } from '../measure/child.ts'
import type { Bench, Measured, Plan, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'
import { makeWorld } from '../measure/world.ts'

const CONNECTIONS = 1_500
const PEAK_AT = 64
const TIMES = 3
/** Milliseconds in which a refusal has to be there. */
const PATIENCE_MS = 50

/** What is left of a service when three times as much is asked of it as it can do. */
export const overload: Section = {
  name: 'overload',
  explains: `Durable sends over HTTP. First ${PEAK_AT} outstanding, which is the peak; then requests arrive at ${TIMES} times that rate on ${CONNECTIONS} connections, whatever becomes of those before. Counted is what is acknowledged; the latency is that of refusals with 503, beside ${PATIENCE_MS} ms.`,
  async prepare(bench) {
    const opened = [await onPostgres(bench), await onSqlite(bench)]
    return {
      plans: opened.map(({ plan }) => plan),
      async close() {
        for (const { close } of opened) await close()
      },
    }
  },
}

async function onPostgres(bench: Bench) {
  const postgres = await bench.postgres()
  const world = await makeWorld(postgres.url, 2 * PEAK_AT)
  const pairs = await world.pairs(PEAK_AT)
  const server = startChild('children/server.ts', bench)
  const port = Number(await server.ask('start', { databaseUrl: world.url, jwtSecret: world.secret }))
  const people = world.people.map(({ userId, token }, n): Seat => ({ userId, token, chatId: pairs[Math.floor(n / 2)]! }))
  return asked(bench, { name: 'Postgres', server, port, people, close: world.close })
}

/** People register as they would: there is no other way to their tokens. */
async function onSqlite(bench: Bench) {
  const folder = await tempFolder('windi-chat-bench')
  const server = startChild('children/server.ts', bench)
  const databaseUrl = `sqlite:${folder.path}/chat.db`
  const port = Number(await server.ask('start', { databaseUrl, jwtSecret: randomBytes(32).toString('hex') }))
  const http = httpClient(`http://127.0.0.1:${port}`)
  const people: Seat[] = []
  for (let i = 0; i < PEAK_AT; i++) {
    const [one, other] = [await http.register(`Person ${i}`), await http.register(`Partner ${i}`)]
    const { id } = (await one.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: other.id })).body
    for (const { id: userId, token } of [one, other]) people.push({ userId, token, chatId: id })
  }
  return asked(bench, { name: 'SQLite', server, port, people, close: folder.remove })
}

interface Served {
  readonly name: string
  readonly server: Child
  readonly port: number
  /** Two in each chat. */
  readonly people: readonly Seat[]
  readonly close: () => Promise<void>
}

async function asked(bench: Bench, { name, server, port, people, close }: Served): Promise<{ plan: Plan; close(): Promise<void> }> {
  const { seconds } = bench.scale
  const load = { peak: startChild('children/http-load.ts'), overload: startChild('children/overload-load.ts') }
  const seats = Array.from({ length: CONNECTIONS }, (_, i) => people[i % people.length]!)
  let peak: Measured | undefined
  const seatsOf = { peak: seats.slice(0, PEAK_AT), overload: seats }
  /** On fresh connections: the server ends those on which nothing is asked while the other store is measured. */
  async function measure(which: keyof typeof load, begin: object): Promise<Measured> {
    await load[which].ask('open', { port, seats: seatsOf[which], resumes: false } satisfies OpenSockets)
    const measured = await measureWindow({ load: load[which], server, begin, seconds })
    await load[which].ask('close')
    return measured
  }

  const limit = async () => (peak = await measure('peak', {}))
  const plan: Plan = {
    title: `${name}: sends acknowledged while ${TIMES} times the peak is asked for`,
    unit: '/s',
    limitIs: 'peak',
    target: { is: 'at least', ratio: 0.8 },
    async subject() {
      // In every other round the limit comes second: the peak is then that of the round before.
      const { value } = peak ?? (await limit())
      return measure('overload', { rate: TIMES * value } satisfies BeginOverload)
    },
    limit,
    also: [
      {
        title: `${name}: refusals of that, 99th percentile`,
        unit: 'ms',
        limitIs: `${PATIENCE_MS} ms`,
        target: { is: 'at most', ratio: 1 },
        of: ({ p99 }) => (p99 === undefined ? undefined : { subject: p99, limit: PATIENCE_MS }),
      },
    ],
  }
  return {
    plan,
    async close() {
      for (const child of [server, ...Object.values(load)]) await child.stop()
      await close()
    },
  }
}

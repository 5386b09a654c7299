import type { Others, Place, Start, Transactions } from '../children/within-load.ts'
import { startChild } from '../measure/child.ts'
import type { Plan, Section } from '../measure/plan.ts'
import { makeWorld } from '../measure/world.ts'

const CHATS = 100
const CONNECTIONS = 8
const BOUND = 800
const HELD_S = 5
const SENDERS = 16

/** Messages in transactions of a program's own. */
export const within: Section = {
  name: 'within',
  explains: `Transactions of a program on Postgres, each with a row of its own and one message, on ${CONNECTIONS} connections and in ${CHATS} chats. Beside them, the same with the row alone. \`notify\` has each commit notify the other processes. Then the p99 of ${SENDERS} users who send one message after the other through the same process, while such a transaction holds another chat for ${HELD_S} s and somebody waits there, and without it.`,
  async prepare(bench) {
    const { seconds, isSmoke } = bench.scale
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, 2)
    const { userId } = world.people[0]!
    const places = await Promise.all(Array.from({ length: CHATS }, async (): Promise<Place> => ({ userId, chatId: await world.group(2) })))
    const program = startChild('children/within-load.ts', bench)
    await program.ask('start', { databaseUrl: world.url, connections: CONNECTIONS } satisfies Start)
    // A program that runs, and a table that the database knows.
    await program.ask('transactions', { places, seconds: isSmoke ? seconds : 3, as: 'notifying' } satisfies Transactions)
    const run = async (as: Transactions['as']) => ({
      value: await program.ask<number>('transactions', { places, seconds, as } satisfies Transactions),
    })
    const [held, ...free] = places
    const others = async (holds: boolean) => ({
      value: await program.ask<number>('others', {
        places: free.slice(0, SENDERS),
        held: holds ? held : undefined,
        seconds: isSmoke ? seconds : HELD_S,
      } satisfies Others),
    })
    const hows = { notifying: 'with notify', silent: 'without notify', prepared: 'without notify, prepared' } as const
    const plan = (as: keyof typeof hows): Plan => ({
      title: `Transactions with a message, ${hows[as]}`,
      unit: '/s',
      limitIs: 'the row alone',
      subject: () => run(as),
      limit: () => run('bare'),
      also: [
        {
          title: `The same, beside ${BOUND} a second`,
          unit: '/s',
          limitIs: 'the bound',
          target: { is: 'at least', ratio: 1 },
          of: ({ value }) => ({ subject: value, limit: BOUND }),
        },
      ],
    })
    return {
      plans: [
        plan('notifying'),
        plan('silent'),
        plan('prepared'),
        {
          title: `p99 of messages in other chats while one is held for ${HELD_S} s`,
          unit: 'ms',
          limitIs: 'none is held',
          target: { is: 'at most', ratio: 1.2 },
          subject: () => others(true),
          limit: () => others(false),
        },
      ],
      async close() {
        await program.stop()
        await world.close()
      },
    }
  },
}

import { sql } from '../../test/support/sql.ts'
import type { Reacting, Sending } from '../children/reactions.ts'
import { startChild } from '../measure/child.ts'
import type { Section } from '../measure/plan.ts'
import { quantile } from '../measure/statistics.ts'
import { makeWorld } from '../measure/world.ts'

const EMOJI = ['👍', '🎉', '❤️', '😂', '😮']
const WITHIN_MS = 500

/** What it costs that very many react to one message. */
export const reactions: Section = {
  name: 'reactions',
  rounds: 3,
  explains: `Many people react to one message of a large group within ${WITHIN_MS} ms, through two processes on one Postgres: the p99 of what they wait for, and the events that it makes. The p99 of messages that somebody sends one after the other in another chat meanwhile, beside the same without reactions.`,
  async prepare(bench) {
    const [members, reacting, sends] = bench.scale.isSmoke ? [60, 40, 20] : [5_000, 1_000, 200]
    const postgres = await bench.postgres()
    bench.say(`reactions: a group of ${members}`)
    const world = await makeWorld(postgres.url, members + 2)
    const chatId = await world.group(members)
    const [owner] = world.people
    const writer = world.people.at(-1)!
    const { [members / 2]: pair } = await world.pairs(members / 2 + 1)
    const processes = [startChild('children/reactions.ts', bench), startChild('children/reactions.ts', bench)] as const
    for (const process of processes) await process.ask('start', { databaseUrl: world.url, jwtSecret: world.secret })
    let round = 0

    const p99 = (took: readonly number[]) =>
      quantile(
        took.toSorted((a, b) => a - b),
        0.99,
      )
    const sent = async () =>
      p99(await processes[0].ask<number[]>('send', { caller: writer, chatId: pair!, count: sends } satisfies Sending))
    async function reacted() {
      const messageId = await processes[0].ask<Reacting['messageId']>('message', { caller: owner!, chatId, count: 1 } satisfies Sending)
      const emoji = EMOJI[round++ % EMOJI.length]!
      const took = await Promise.all(
        processes.map((process, i) => {
          const callers = world.people.slice(1, reacting + 1).filter((_, at) => at % processes.length === i)
          return process.ask<number[]>('react', { callers, chatId, messageId, emoji, withinMs: WITHIN_MS } satisfies Reacting)
        }),
      )
      const [row] = await sql(
        world.url,
        `select count(*)::int as n from events where chat_id = '${chatId}' and payload like '%${messageId}%'`,
      )
      return { wait: p99(took.flat()), events: Number(row!.n) }
    }

    return {
      plans: [
        {
          title: `${reacting} of ${members} react to one message: p99 of their wait`,
          unit: 'ms',
          limitIs: 'the bound',
          target: { is: 'at most', ratio: 1 },
          async subject() {
            const { wait, events } = await reacted()
            return { value: wait, p50: events }
          },
          limit: async () => ({ value: 1_200, p50: 120 }),
          also: [
            {
              title: `${reacting} of ${members} react to one message: events`,
              unit: '',
              limitIs: 'the bound',
              target: { is: 'at most', ratio: 1 },
              of: (subject, limit) => ({ subject: subject.p50!, limit: limit.p50! }),
            },
          ],
        },
        {
          title: 'p99 of messages elsewhere meanwhile',
          unit: 'ms',
          limitIs: 'the same without reactions',
          target: { is: 'at most', ratio: 1.2 },
          async subject() {
            const [value] = await Promise.all([sent(), reacted()])
            return { value }
          },
          limit: async () => ({ value: await sent() }),
        },
      ],
      async close() {
        for (const process of processes) await process.stop()
        await world.close()
      },
    }
  },
}

import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { type PgPool, Pool } from '../../test/support/host-tables.ts'
import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'
import { quantile } from '../measure/statistics.ts'
import { keys, TEXT } from './closed-loop.ts'

/** A program with the service in it, which sends in transactions of its own. */
const { openChat } = await built('server')
const { database } = await built('mikro-orm')

export interface Start {
  readonly databaseUrl: string
  readonly connections: number
}
export interface Place {
  readonly userId: UserId
  readonly chatId: ChatId
}
export interface Transactions {
  readonly places: readonly Place[]
  readonly seconds: number
  /** `bare`: a row of the program's alone. `prepared`: silent, and its statements stay prepared on the connection. */
  readonly as: 'notifying' | 'silent' | 'prepared' | 'bare'
}
export interface Others {
  readonly places: readonly Place[]
  readonly held: Place | undefined
  readonly seconds: number
}

let pool: PgPool
let chat: Awaited<ReturnType<typeof openChat>>
let connections = 0
const nextKey = keys()

async function transactions({ places, seconds, as }: Transactions): Promise<number> {
  const end = performance.now() + seconds * 1_000
  let count = 0
  async function work(first: number): Promise<void> {
    const client = await pool.connect()
    for (let i = first; performance.now() < end; i += connections) {
      const { userId, chatId } = places[i % places.length]!
      const key = nextKey()
      await client.query('begin')
      await client.query('insert into orders values ($1)', [key])
      if (as !== 'bare')
        await chat
          .within(client, { notify: as === 'notifying', prepare: as === 'prepared' })
          .as(userId)
          .sendMessage({ chatId, clientMessageId: key, text: TEXT })
      await client.query('commit')
      count++
    }
    client.release()
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: connections }, (_, i) => work(i)))
  return count / ((performance.now() - begun) / 1_000)
}

/** How long users wait who send one message after the other, while a transaction of the program's holds another chat. */
async function others({ places, held, seconds }: Others): Promise<number> {
  const client = await pool.connect()
  await client.query('begin')
  const command = ({ chatId }: Place) => ({ chatId, clientMessageId: nextKey(), text: TEXT })
  if (held) await chat.within(client).as(held.userId).sendMessage(command(held))
  const behind = held && chat.as(held.userId).sendMessage(command(held))
  const took: number[] = []
  const end = performance.now() + seconds * 1_000
  async function send(place: Place): Promise<void> {
    while (performance.now() < end) {
      const sentAt = performance.now()
      await chat.as(place.userId).sendMessage(command(place))
      took.push(performance.now() - sentAt)
    }
  }
  await Promise.all(places.map(send))
  await client.query('commit')
  client.release()
  await behind
  return quantile(Float64Array.from(took).sort(), 0.99)
}

answering({
  async start({ databaseUrl, connections: count }: Start) {
    connections = count
    pool = new Pool({ connectionString: databaseUrl, max: count })
    await pool.query('create table if not exists orders (key text)')
    chat = await openChat({ store: database({ pool, schema: 'public' }), rateLimits: false })
  },
  transactions,
  others,
})

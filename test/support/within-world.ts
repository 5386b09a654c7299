import { setTimeout as pause } from 'node:timers/promises'
import { connect, type PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { laneOf } from '../../src/adapters/mikro-orm/log/log.ts'
import { mikroOrmPorts } from '../../src/adapters/mikro-orm/ports.ts'
import { asId, type Delivery, type Embedded, embed, type OpenStore } from '../../src/index.ts'
import { hostPostgres, type PgClient, type PgPool } from './host-tables.ts'
import { dice } from './simulated.ts'
import { eventually } from './waiting.ts'

/** Spoils a store, to find out whether a law notices. */
export interface Sabotage {
  readonly database?: (database: PostgresDatabase) => PostgresDatabase
  readonly store?: (open: OpenStore) => OpenStore
}

export interface WithinWorld {
  readonly chat: Embedded
  readonly pool: PgPool
  readonly anna: string
  readonly chats: readonly string[]
  /** What a member was told, in order, and what was told before it was committed. */
  readonly told: ReadonlyMap<string, readonly number[]>
  readonly early: readonly string[]
  /** Texts whose commit has begun. */
  readonly committing: Set<string>
  /** All that is in the logs. */
  texts(chatId: string): Promise<readonly { readonly seq: number; readonly text: string | undefined }[]>
  close(): Promise<void>
}

const CHATS = 4

export async function withinWorld({ database: spoilt = (one) => one, store = (one) => one }: Sabotage = {}): Promise<WithinWorld> {
  const host = await hostPostgres()
  const connection = (await connect(host.database)) as PostgresDatabase
  await migrate(connection)
  const ofStore = spoilt(connection)
  const chat = embed(store((onCommit) => mikroOrmPorts(ofStore, onCommit)))
  const [anna, boris] = await Promise.all(['Anna', 'Boris'].map((name) => chat.addPerson({ name })))
  const chats = await Promise.all(
    Array.from({ length: CHATS }, async (_, i) => {
      const { view } = await chat.api.createGroup(anna!, { name: `Chat ${i}`, memberIds: [boris!.userId] })
      return view.chat.id
    }),
  )
  const told = new Map<string, number[]>(chats.map((id) => [id, []]))
  const early: string[] = []
  const committing = new Set<string>()
  const hear = (delivery: Delivery): void => {
    if (delivery.type !== 'event') return
    const { event } = delivery
    told.get(event.chatId)?.push(event.seq)
    const text = event.type === 'message.sent' ? event.message.text : undefined
    if (text !== undefined && !committing.has(text)) early.push(text)
  }
  const listener = await chat.listen(boris!, hear)
  return {
    chat,
    pool: host.pool,
    anna: anna!.userId,
    chats,
    told,
    early,
    committing,
    async texts(chatId) {
      const rows = await host.pool.query('select seq, text from windi_chat.messages where chat_id = $1 order by seq', [chatId])
      return rows.rows as { seq: number; text: string }[]
    },
    async close() {
      listener.close()
      await chat.close()
      await connection.close().catch(() => undefined)
      await host.close()
    },
  }
}

/** Transactions of a program's on eight connections, some of them rolled back, some in part, beside people who send. */
export async function busy(world: WithinWorld, seed: number): Promise<{ readonly kept: readonly string[] }> {
  const { chat, pool, anna, chats, committing } = world
  const { roll, pick, chance } = dice(seed)
  const kept: string[] = []
  let n = 0

  async function transaction(client: PgClient): Promise<void> {
    await client.query('begin')
    const within = chat.within(client)
    const some = [...new Set([pick(chats), pick(chats)])]
    await within.lock(some)
    const mine: string[] = []
    const send = async (into: string[]) => {
      const text = `tx ${++n}`
      into.push(text)
      await within.as(anna).sendMessage({ chatId: pick(some), clientMessageId: text, text })
    }
    await send(mine)
    if (chance(0.5)) {
      await client.query('savepoint one')
      await send([])
      await client.query('rollback to savepoint one')
    }
    await send(mine)
    if (chance(0.3)) await pause(roll() * 300)
    if (chance(0.3)) return void (await client.query('rollback'))
    for (const text of mine) committing.add(text)
    await client.query('commit')
    kept.push(...mine)
  }

  async function host(): Promise<void> {
    const client = await pool.connect()
    try {
      for (let i = 0; i < 5; i++) await transaction(client)
    } finally {
      client.release(true)
    }
  }

  async function sender(): Promise<void> {
    for (let i = 0; i < 15; i++) {
      const text = `lane ${++n}`
      committing.add(text)
      const caller = { userId: asId(anna), sessionId: asId(anna) } as never
      await chat.api.sendMessage(caller, { chatId: asId(pick(chats)), clientMessageId: asId(text), text })
      kept.push(text)
    }
  }

  const done = await Promise.allSettled([...Array.from({ length: 8 }, host), ...Array.from({ length: 6 }, sender)])
  const failed = done.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return { kept }
}

/** The logs hold what was committed, each once, in numbers without holes; a member was told exactly that, in order, and nothing early. */
export async function check(world: WithinWorld, kept: readonly string[]): Promise<void> {
  const { chat, anna, chats, told, early } = world
  const all: string[] = []
  for (const chatId of chats) {
    const view = await chat.as(anna).getChat(chatId)
    const rows = await world.texts(chatId)
    all.push(...rows.map(({ text }) => text ?? ''))
    // The first number is that of the chat's creation.
    const numbers = rows.map(({ seq }) => seq)
    const wanted = Array.from({ length: view.chat.headSeq - 1 }, (_, i) => i + 2)
    if (numbers.join() !== wanted.join()) throw new Error(`the log of a chat has the numbers ${numbers.join()}`)
    await eventually(() => {
      if (
        told
          .get(chatId)!
          .filter((seq) => seq > 1)
          .join() !== wanted.join()
      )
        throw new Error(`a member was told ${told.get(chatId)!.join()}`)
    })
  }
  if (sorted(all) !== sorted(kept)) throw new Error('the logs do not hold what was committed')
  if (early.length > 0) throw new Error(`told before it was committed: ${early.join()}`)
}

const sorted = (texts: readonly string[]): string => texts.toSorted((a, b) => a.localeCompare(b)).join()

/** How long others' sends take while one chat is held. */
export async function longestBesideHeld({ chat, pool, anna, chats }: WithinWorld, heldMs: number): Promise<number> {
  // Two lanes: one of them has two chats at least.
  const lane = (chatId: string) => laneOf(chatId, 2)
  const held = chats.find((chatId) => chats.some((other) => other !== chatId && lane(other) === lane(chatId)))!
  const client = await pool.connect()
  await client.query('begin')
  await chat.within(client).as(anna).sendMessage({ chatId: held, clientMessageId: 'held', text: 'held' })
  const as = chat.as(anna)
  const behind = Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => as.sendMessage({ chatId: held, clientMessageId: `b ${i}`, text: 'behind' })),
  )
  let isHeld = true
  const release = pause(heldMs).then(async () => {
    await client.query('commit')
    client.release()
    isHeld = false
  })
  let longest = 0
  for (let i = 0; isHeld; i++) {
    const start = performance.now()
    await Promise.all(
      chats.filter((chatId) => chatId !== held).map((chatId) => as.sendMessage({ chatId, clientMessageId: `f ${i}`, text: 'free' })),
    )
    longest = Math.max(longest, performance.now() - start)
    await pause(20)
  }
  await release
  await behind
  return longest
}

import { describe, expect, it } from 'vitest'
import type { PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import type { OpenStore } from '../../src/index.ts'
import { databases } from '../support/databases.ts'
import { busy, check, longestBesideHeld, type Sabotage, withinWorld } from '../support/within-world.ts'

type Open = ReturnType<OpenStore>
type OpenWithin = NonNullable<Open['within']>
type Change = Open['log']['change']

const inWorld = async <T>(sabotage: Sabotage, use: (world: Awaited<ReturnType<typeof withinWorld>>) => Promise<T>): Promise<T> => {
  const world = await withinWorld(sabotage)
  try {
    return await use(world)
  } finally {
    await world.close()
  }
}
const obeys = (sabotage: Sabotage, seed: number) => inWorld(sabotage, async (world) => check(world, (await busy(world, seed)).kept))
const waits = (sabotage: Sabotage) => inWorld(sabotage, (world) => longestBesideHeld(world, 1_500))

/** Lanes and programs use other words than they should. */
const saying =
  (say: (text: string) => string) =>
  (database: PostgresDatabase): PostgresDatabase => {
    const names = (text: string) => database.names(say(text))
    return { ...database, names, pool: { ...database.pool, names } }
  }

const changing =
  (spoil: (change: Change, onCommit: Parameters<OpenStore>[0]) => Change) =>
  (open: OpenStore): OpenStore =>
  (onCommit, clock) => {
    const ports = open(onCommit, clock)
    const within: OpenWithin = async (transaction, options) => {
      const outer = await ports.within!(transaction, options)
      return { ...outer, log: { ...outer.log, change: spoil(outer.log.change, onCommit) } }
    }
    return { ...ports, within }
  }

const remembering = changing((change) => {
  const heads = new Map<string, number>()
  return (scope, decide) =>
    change(scope, (state) => {
      const { chat } = state
      const known = chat && heads.get(chat.id)
      const decision = decide(chat && known && known > chat.headSeq ? { ...state, chat: { ...chat, headSeq: known } } : state)
      for (const event of decision.events) heads.set(event.chatId, event.seq)
      return decision
    })
})

const tellingAtOnce = changing((change, onCommit) => async (scope, decide) => {
  let events: Parameters<typeof onCommit>[0] = []
  const result = await change(scope, (state) => {
    const decision = decide(state)
    events = decision.events
    return decision
  })
  onCommit(events)
  return result
})

const saboteurs: Readonly<Record<string, Sabotage & { readonly seen: RegExp }>> = {
  'remembers heads that a savepoint has undone': { seen: /left a hole/, store: remembering },
  'tells what is not committed': { seen: /told before it was committed|a member was told/, store: tellingAtOnce },
  'takes a chat that is held for one that is not there': {
    seen: /chat-not-found/,
    database: saying((text) => (text.startsWith('select id, key from {chats}') ? `${text} limit 0` : text)),
  },
  'relies on the search path': { seen: /column .* does not exist/, database: saying((text) => text.replaceAll('{messages}', 'messages')) },
}

/** Lanes that wait for as long as a transaction of the program's takes. */
function patient(database: PostgresDatabase): PostgresDatabase {
  const { Client } = database.pool
  const make = function Patient(options: object) {
    const client = new Client(options)
    const query = client.query.bind(client)
    return Object.assign(client, {
      query: (text: Parameters<typeof query>[0]) =>
        query(typeof text === 'string' ? text.replace('lock_timeout = 250', 'lock_timeout = 0') : text),
    })
  }
  return { ...database, pool: { ...database.pool, Client: make as unknown as typeof Client } }
}

describe.runIf(databases.includes('postgres'))('transactions of a program beside people who send', { timeout: 60_000 }, () => {
  it.each([1, 2, 3])('leave logs without holes, of which everybody is told exactly what was committed (%s)', async (seed) => {
    await expect(obeys({}, seed)).resolves.toBeUndefined()
  })

  it.each(Object.entries(saboteurs))('would show a store that %s', async (_, { seen, ...sabotage }) => {
    await expect(obeys(sabotage, 1)).rejects.toThrow(seen)
  })

  it('hold up other chats for less than half a second', async () => {
    expect(await waits({})).toBeLessThan(500)
  })

  it('would show lanes that wait for them', async () => {
    expect(await waits({ database: patient })).toBeGreaterThan(900)
  })
})

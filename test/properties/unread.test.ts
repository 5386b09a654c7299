import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { OpenStore, StoreHarness } from '../../src/contracts/store-harness.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tries } from '../support/tries.ts'
import { unreadIsExact } from './unread.ts'

type Sabotage = (store: StoreHarness) => StoreHarness

const saboteurs: readonly (readonly [string, Sabotage])[] = [
  ['counts people who are blocked', (store) => ({ ...store, consents: { ...store.consents, block: async () => 'blocked' as const } })],
  ['never looks for what is too old', (store) => ({ ...store, expiries: { ...store.expiries, first: async () => [] } })],
  [
    'passes over texts that it has not deleted',
    (store) => ({
      ...store,
      expiries: {
        ...store.expiries,
        first: async (chatId, limit) => (await store.expiries.first(chatId, limit)).map((one) => ({ ...one, isDeleted: true })),
      },
    }),
  ],
  [
    'remembers a count',
    (store) => {
      const known = new Map<string, ReturnType<typeof store.chats.get>>()
      return {
        ...store,
        chats: {
          ...store.chats,
          get(viewer, chatId) {
            if (!known.has(viewer)) known.set(viewer, store.chats.get(viewer, chatId))
            return known.get(viewer)!
          },
        },
      }
    },
  ],
  [
    'counts the texts of the erased',
    (store) => ({
      ...store,
      log: {
        ...store.log,
        change: (scope, decide) =>
          store.log.change(scope, (state) => {
            const { events, ...decision } = decide(state)
            const kept = events.filter(({ type }) => type !== 'author.erased')
            return { ...decision, events: kept.map((event) => ({ ...event, seq: event.seq - (events.length - kept.length) })) }
          }),
      },
    }),
  ],
]

describe('unread', () => {
  it('is exact in memory', async () => {
    await expect(fc.assert(unreadIsExact(openMemory), { numRuns: tries(60) })).resolves.toBeUndefined()
  })

  it.each(saboteurs)('would notice a store that %s', async (_, sabotage) => {
    const open: OpenStore = async () => sabotage(await openMemory())
    expect(await fc.check(unreadIsExact(open), { numRuns: 300, endOnFailure: true })).toMatchObject({ failed: true })
  })
})

describe.each(databases.filter((kind) => kind !== 'memory'))('unread on %s', (kind) => {
  let opened: ReturnType<typeof openUrl> | undefined
  afterAll(async () => (await opened)?.close())
  const open: OpenStore = () =>
    (opened ??= kind === 'postgres' ? freshDatabase().then(({ url }) => openUrl(url)) : openUrl('sqlite::memory:'))

  it('is exact', { timeout: 60_000 }, async () => {
    await expect(fc.assert(unreadIsExact(open), { numRuns: 8 })).resolves.toBeUndefined()
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatState } from '../../src/domain/decision.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { databases } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'
import { evolvesAsStored } from './evolving.ts'

const runs = { memory: 60, sqlite: 25, postgres: 10 }

describe.each(databases)('state and event on %s', { retry: 0 }, (kind) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await openStore(kind)
  })
  afterAll(() => store?.close?.())

  it('make the state that is fetched afterwards, for every kind of event', { timeout: 120_000 }, async () => {
    const property = evolvesAsStored(async () => store!)
    await expect(fc.assert(property, { numRuns: tries(runs[kind]) })).resolves.toBeUndefined()
  })
})

type Show = (state: ChatState) => ChatState
/** A store that stores something else than what happened. `make` is called once per store, so that it can remember. */
const showing = (make: () => Show) => (store: StoreHarness) => {
  const show = make()
  const change: typeof store.log.change = (scope, decide) => store.log.change(scope, (state) => decide(show(state)))
  return { ...store, log: { ...store.log, change } }
}
const chatOf =
  (change: (chat: NonNullable<ChatState['chat']>) => object): Show =>
  (state) => ({ ...state, chat: state.chat && { ...state.chat, ...change(state.chat) } })
const values = <K, V>(map: ReadonlyMap<K, V | null>, change: (value: V) => V) =>
  new Map([...map].map(([key, value]) => [key, value && change(value)]))

const saboteurs: readonly { readonly that: string; readonly sabotage: (store: StoreHarness) => StoreHarness }[] = [
  {
    that: 'forgets that a member became an admin',
    sabotage: showing(() => (state) => ({
      ...state,
      members: values(state.members, (member) => (member.role === 'admin' ? { ...member, role: 'member' } : member)),
    })),
  },
  {
    that: 'keeps the text of a deleted message',
    sabotage: showing(() => (state) => ({
      ...state,
      messages: values(state.messages, (message) => (message.deletedAt === undefined ? message : { ...message, text: 'kept' })),
    })),
  },
  {
    that: 'does not count who leaves',
    sabotage: showing(() => {
      let most = 0
      return chatOf(({ memberCount }) => ({ memberCount: (most = Math.max(most, memberCount)) }))
    }),
  },
  {
    that: 'keeps the first name of a group',
    sabotage: showing(() => chatOf(() => ({ name: 'Group' }))),
  },
  {
    that: 'finds the first version of an edited message by its key',
    sabotage: showing(() => (state) => ({ ...state, earlier: values(state.earlier, (message) => ({ ...message, version: 1 })) })),
  },
  {
    that: 'keeps the first of two who react so',
    sabotage: showing(() => (state) => ({ ...state, reactors: values(state.reactors, (all) => all.slice(0, 1)) })),
  },
  {
    that: 'counts a reaction twice',
    sabotage: showing(() => (state) => ({
      ...state,
      sums: values(state.sums, (tally) => ({ ...tally, sums: tally.sums.map((sum) => ({ ...sum, count: sum.count + 1 })) })),
    })),
  },
  {
    that: 'forgets the number of the last reaction',
    sabotage: showing(() => (state) => ({ ...state, sums: values(state.sums, (tally) => ({ ...tally, changedSeq: 1 })) })),
  },
  {
    that: 'keeps the reactions of who was erased',
    sabotage: (store) => ({
      ...store,
      log: {
        ...store.log,
        read: async (...asked) => (await store.log.read(...asked)).filter(({ type }) => type !== 'author.erased'),
      },
    }),
  },
  {
    that: 'unpins nothing',
    sabotage: showing(() => {
      const seen = new Map<string, unknown>()
      return (state) => ({
        ...state,
        pins: new Map(
          [...state.pins].map(([key, pins]) => {
            for (const pin of pins ?? []) seen.set(pin.messageId, pin)
            return [key, seen.size > 0 ? ([...seen.values()] as never) : pins]
          }),
        ),
      })
    }),
  },
  {
    that: 'reads a change of roles as something unknown',
    sabotage: (store) => ({
      ...store,
      log: {
        ...store.log,
        read: async (...asked) =>
          (await store.log.read(...asked)).map(
            (event): ChatEvent => (event.type === 'member.role_changed' ? { ...event, type: 'unknown', kind: event.type } : event),
          ),
      },
    }),
  },
]

it.each(saboteurs)('the law would notice a store that $that', async ({ sabotage }) => {
  const outcome = await fc.check(
    evolvesAsStored(async () => sabotage(await openMemory())),
    { numRuns: 200, endOnFailure: true },
  )
  expect(outcome).toMatchObject({ failed: true, errorInstance: { name: 'AssertionError' } })
})

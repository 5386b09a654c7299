import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatState } from '../../src/domain/decision.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { bansBeatEveryWayIn, type OpenProcesses, type Processes, slowModeIsExact, usesAreNeverExceeded } from './order.ts'

/** For the compiler, laws over different plans are of one kind. */
type Law = (open: OpenProcesses) => fc.IAsyncProperty<unknown>
const laws = { slowModeIsExact, usesAreNeverExceeded, bansBeatEveryWayIn } as unknown as Readonly<
  Record<'slowModeIsExact' | 'usesAreNeverExceeded' | 'bansBeatEveryWayIn', Law>
>

const inMemory = async (): Promise<Processes> => {
  const store = await openMemory()
  return [store, store]
}

type Sabotage = (store: StoreHarness) => StoreHarness
const sabotaged =
  (sabotage: Sabotage): OpenProcesses =>
  async () => {
    const [one, other] = await inMemory()
    return [sabotage(one), sabotage(other)]
  }

/** A store whose decisions see something else than there is. */
const showing =
  (change: (state: ChatState) => ChatState): Sabotage =>
  (store) => ({ ...store, log: { ...store.log, change: (scope, decide) => store.log.change(scope, (state) => decide(change(state))) } })

/** What is counted is read before the change that uses it up. */
const readingFirst =
  (...parts: readonly ('lastOf' | 'invitations')[]): Sabotage =>
  (store) => ({
    ...store,
    log: {
      ...store.log,
      async change(scope, decide) {
        const before = await store.log.change(scope, (state) => ({ events: [], result: { ...state } }))
        await Promise.resolve()
        return store.log.change(scope, (state) => decide({ ...state, ...Object.fromEntries(parts.map((part) => [part, before[part]])) }))
      },
    },
  })

const nulls = <K, V>(map: ReadonlyMap<K, V | null>) => new Map([...map.keys()].map((key) => [key, null]))

const saboteurs: { readonly [L in keyof typeof laws]: readonly (readonly [string, Sabotage])[] } = {
  slowModeIsExact: [
    ['forgets when somebody last sent', showing((state) => ({ ...state, lastOf: nulls(state.lastOf) }))],
    ['reads the last message before the change', readingFirst('lastOf')],
    [
      'leaves deleted messages out',
      (store) => {
        const gone = new Set<string>()
        return {
          ...store,
          log: {
            ...store.log,
            async change(scope, decide) {
              return store.log.change(scope, (state) => {
                const lastOf = new Map([...state.lastOf].map(([id, at]) => [id, gone.has(`${scope.chat} ${id}`) ? null : at]))
                const decision = decide({ ...state, lastOf })
                for (const event of decision.events) {
                  if (event.type === 'message.deleted') gone.add(`${event.chatId} ${event.actorId}`)
                  if (event.type === 'message.sent') gone.delete(`${event.chatId} ${event.actorId}`)
                }
                return decision
              })
            },
          },
        }
      },
    ],
  ],
  usesAreNeverExceeded: [
    ['reads the invitation before the change', readingFirst('invitations')],
    [
      'does not count',
      showing((state) => ({ ...state, invitations: new Map([...state.invitations].map(([id, one]) => [id, one && { ...one, used: 0 }])) })),
    ],
  ],
  bansBeatEveryWayIn: [
    ['forgets bans', showing((state) => ({ ...state, bans: nulls(state.bans) }))],
    [
      'never ends a ban',
      showing((state) => ({ ...state, bans: new Map([...state.bans].map(([id, ban]) => [id, ban && { ...ban, until: undefined }])) })),
    ],
  ],
}

describe.each(Object.entries(laws))('%s', (name, law) => {
  it('holds in memory', async () => {
    await expect(fc.assert(law(inMemory), { numRuns: 60 })).resolves.toBeUndefined()
  })

  it.each(saboteurs[name as keyof typeof laws])('would notice a store that %s', async (_, sabotage) => {
    expect(await fc.check(law(sabotaged(sabotage)), { numRuns: 300, endOnFailure: true })).toMatchObject({ failed: true })
  })
})

describe.each(databases.filter((kind) => kind !== 'memory'))('in two processes on %s', (kind) => {
  const opened: { close(): Promise<void> }[] = []
  afterAll(async () => {
    for (const one of opened) await one.close()
  })
  let pair: Promise<Processes> | undefined
  const open: OpenProcesses = () => {
    pair ??= (async (): Promise<Processes> => {
      const url = kind === 'postgres' ? (await freshDatabase()).url : `sqlite:${(await tempFolder()).path}/chat.db`
      const [one, other] = [await openUrl(url), await openUrl(url)]
      opened.push(one, other)
      return [one, other]
    })()
    return pair
  }
  it.each(Object.entries(laws))('%s', { timeout: 60_000 }, async (_, law) => {
    await expect(fc.assert(law(open), { numRuns: 12 })).resolves.toBeUndefined()
  })
})

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatState, Scope } from '../../src/domain/decision.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { tries } from '../support/tries.ts'
import {
  bansBeatEveryWayIn,
  hundredJoin,
  type OpenProcesses,
  type Processes,
  slowModeIsExact,
  usesAreNeverExceeded,
  waysIn,
} from './order.ts'

const SOURCES = join(import.meta.dirname, '../../src')

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

/** Each process knows of nothing but what it has taken itself. */
const lookingAtItself: Sabotage = (store) => {
  const mine = new Map<string, number>()
  return {
    ...store,
    log: {
      ...store.log,
      async change(scope, decide) {
        return store.log.change(scope, (state) => {
          const lastOf = new Map([...state.lastOf.keys()].map((id) => [id, mine.get(`${scope.chat} ${id}`) ?? null]))
          const decision = decide({ ...state, lastOf })
          for (const event of decision.events) if (event.type === 'message.sent') mine.set(`${event.chatId} ${event.actorId}`, event.at)
          return decision
        })
      },
    },
  }
}

const nulls = <K, V>(map: ReadonlyMap<K, V | null>) => new Map([...map.keys()].map((key) => [key, null]))

/** By what the store can tell the ways apart; the staff's acceptance is of worth only to those who could ask. */
const marks: Readonly<Record<string, (scope: Scope) => boolean>> = {
  add: ({ consents, bans }) => consents !== undefined && bans !== undefined,
  join: ({ invitations, requests }) => invitations !== undefined && requests === undefined,
  accept: ({ invitations, requests }) => invitations !== undefined || requests !== undefined,
  provision: ({ outsiders, consents }) => outsiders !== undefined && consents === undefined,
}
const forgettingBans =
  (isOf: (scope: Scope) => boolean): Sabotage =>
  (store) => ({
    ...store,
    log: {
      ...store.log,
      change: (scope, decide) => store.log.change(scope, (state) => decide(isOf(scope) ? { ...state, bans: nulls(state.bans) } : state)),
    },
  })

const saboteurs: { readonly [L in keyof typeof laws]: readonly (readonly [string, Sabotage])[] } = {
  slowModeIsExact: [
    ['forgets when somebody last sent', showing((state) => ({ ...state, lastOf: nulls(state.lastOf) }))],
    ['reads the last message before the change', readingFirst('lastOf')],
    ['looks at its own process only', lookingAtItself],
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
    ...Object.entries(marks).map(([way, isOf]) => [`forgets bans of those who come by ${way}`, forgettingBans(isOf)] as const),
    [
      'never ends a ban',
      showing((state) => ({ ...state, bans: new Map([...state.bans].map(([id, ban]) => [id, ban && { ...ban, until: undefined }])) })),
    ],
  ],
}

describe.each(Object.entries(laws))('%s', (name, law) => {
  it('holds in memory', async () => {
    await expect(fc.assert(law(inMemory), { numRuns: tries(60) })).resolves.toBeUndefined()
  })

  it.each(saboteurs[name as keyof typeof laws])('would notice a store that %s', async (_, sabotage) => {
    expect(await fc.check(law(sabotaged(sabotage)), { numRuns: 300, endOnFailure: true })).toMatchObject({ failed: true })
  })
})

/** The files of the core, by their paths below `src`, that call one of these. */
async function calling(call: RegExp): Promise<readonly string[]> {
  const files = (await readdir(SOURCES, { recursive: true })).filter((path) => /^(?:domain|application)\/.*\.ts$/.test(path))
  const texts = await Promise.all(files.map(async (path) => [path, await readFile(join(SOURCES, path), 'utf8')] as const))
  return texts.filter(([, text]) => call.test(text)).map(([path]) => path)
}

describe('the ways into a group', () => {
  it('all go through one gate, of which there are no others', async () => {
    expect(await calling(/type: 'member\.added', actorId/)).toEqual(['domain/entering.ts'])
    const gates = ['domain/arranging.ts', 'domain/group.ts', 'domain/joining.ts', 'domain/requesting.ts']
    expect((await calling(/(?<!function )\benter\(state/)).toSorted()).toEqual(gates)
  })

  it('are those of which the law is told', async () => {
    const calls = /(?<!function )\b(?:arrange|add|join|accept)\(state|\bprovisionChats\(\{/
    expect((await calling(calls)).toSorted()).toEqual(Object.values(waysIn).toSorted())
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

  it('lets in as many as an invitation says, of a hundred at once', { timeout: 60_000 }, async () => {
    await expect(hundredJoin(await open())).resolves.toEqual({ members: 8, used: 7, outcomes: { 'done': 7, 'invitation-not-found': 93 } })
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryTallies } from '../../../src/adapters/memory/accounts/tallies.ts'
import { databases, freshDatabase } from '../../support/databases.ts'
import { tempFolder } from '../../support/places.ts'
import { tries } from '../../support/tries.ts'
import {
  type Accounts,
  codesAreUsedOnce,
  guessesAreCounted,
  nobodyIsLockedOut,
  oneUserHasAnEmail,
  type Sabotage,
  triesAreCounted,
  twoProcesses,
} from './accounts.ts'

type Law = typeof codesAreUsedOnce
interface Fault {
  readonly law: Law
  readonly sabotage: Sabotage
}

const laws: Readonly<Record<string, Law>> = {
  'codes are used once': codesAreUsedOnce,
  'tries of a code are counted': triesAreCounted,
  'guesses of a password are counted': guessesAreCounted,
  'nobody is locked out': nobodyIsLockedOut,
  'one user has an email': oneUserHasAnEmail,
}

/** What would be noticed. */
const faults: Readonly<Record<string, Fault>> = {
  'leaves a code where it was used': {
    law: codesAreUsedOnce,
    sabotage: ({ codes }) => ({ codes: { ...codes, take: async (name, now) => codes.attempt(name, { now, tries: 1_000 }) } }),
  },
  'gives a code as often as it is asked for': {
    law: triesAreCounted,
    sabotage: ({ codes }) => ({ codes: { ...codes, attempt: (name, { now }) => codes.attempt(name, { now, tries: 1_000 }) } }),
  },
  'counts guesses in each process for itself': { law: guessesAreCounted, sabotage: () => ({ tallies: ofOneProcess() }) },
  'knows no network again': {
    law: nobodyIsLockedOut,
    sabotage: ({ networks }) => ({ networks: { ...networks, isKnown: async () => false } }),
  },
  'takes every network for a known one': {
    law: nobodyIsLockedOut,
    sabotage: ({ networks }) => ({ networks: { ...networks, isKnown: async () => true } }),
  },
  'tells everybody that the address is theirs': {
    law: oneUserHasAnEmail,
    sabotage: ({ accounts }) => ({
      accounts: {
        ...accounts,
        async verifyEmail(id, email) {
          await accounts.verifyEmail(id, email)
          return 'verified'
        },
      },
    }),
  },
}

/** Counters that no other process sees. */
const ofOneProcess = () => memoryTallies({ tallies: new Map() } as unknown as Parameters<typeof memoryTallies>[0])

const RUNS = { numRuns: tries(12, 4), endOnFailure: true }
const lasting = databases.filter((kind) => kind !== 'memory')

async function place(kind: (typeof lasting)[number]) {
  if (kind === 'postgres') {
    const { url, drop } = await freshDatabase()
    return { url, remove: drop }
  }
  const folder = await tempFolder()
  return { url: `sqlite:${folder.path}/chat.db`, remove: folder.remove }
}

describe.each(lasting)('accounts in two processes on %s', { timeout: 120_000 }, (kind) => {
  let at: Awaited<ReturnType<typeof place>>
  let accounts: Accounts
  beforeAll(async () => {
    at = await place(kind)
    accounts = await twoProcesses(at.url)
  })
  afterAll(async () => {
    await accounts[Symbol.asyncDispose]()
    await at.remove()
  })

  it.each(Object.entries(laws))('%s', async (_, law) => {
    const { failed, counterexample, errorInstance } = await fc.check(
      law(() => accounts),
      RUNS,
    )
    expect({ failed, counterexample, error: errorInstance }).toEqual({ failed: false, counterexample: null, error: null })
  })

  it.each(Object.entries(faults))('a service that %s would be noticed', async (_, { law, sabotage }) => {
    await using spoilt = await twoProcesses(at.url, sabotage)
    expect(
      await fc.check(
        law(() => spoilt),
        RUNS,
      ),
    ).toMatchObject({ failed: true })
  })
})

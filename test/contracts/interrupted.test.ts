import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/application/chat-api.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { type DatabaseKind, databases } from '../support/databases.ts'
import { differences, type Flat } from '../support/erased/flat.ts'
import { tellEverything } from '../support/erased/story.ts'
import { INTERRUPTED, type When } from '../support/interrupted.ts'
import { type Opened, type Sabotage, stepsOf, type Worlds, worldsOn } from '../support/interrupted-world.ts'

const FEW = { groups: 3, messages: 2 }

/** On Postgres, which answers slowly, a few steps of all. */
const mostOn = (kind: DatabaseKind) => (kind === 'postgres' ? 8 : undefined)

/** What a user asks for, and how the next attempt is made after it has failed. */
interface Story {
  prepare(opened: Opened): Promise<{ act(): Promise<unknown>; again(): Promise<unknown> }>
}

const erasure: Story = {
  async prepare({ world }) {
    const { who } = await tellEverything(world, 'zebra', '🦓', FEW)
    const act = () => world.api.deleteMe(who, { password: '' })
    return {
      act,
      // What had begun goes on by itself at the next start; what had not is asked for again.
      async again() {
        await world.app.finishLeftovers()
        if (await world.ports.people.get(who.userId)) await act()
      },
    }
  },
}

const collection: Story = {
  async prepare({ world }) {
    const { who } = await tellEverything(world, 'zebra', '🦓', FEW)
    await world.api.deleteMe(who, { password: '' })
    world.clock.advance(90_000_000)
    const act = () => world.app.collectFiles()
    return {
      act,
      // What a process was at when it ended others take over after a while.
      again() {
        world.clock.advance(3_600_000)
        return act()
      },
    }
  },
}

/** A call that is made again as it was. */
const call = (make: (opened: Opened, who: Caller) => Promise<() => Promise<unknown>>): Story => ({
  async prepare(opened) {
    const act = await make(opened, await opened.world.person('Who', 'phone'))
    return { act, again: act }
  },
})
const device = { id: 'device', kind: 'web', content: 'full', level: undefined, keys: { p256dh: 'key', auth: 'secret' } } as const
const keep = ({ world }: Opened, who: Caller, endpoint: string) => world.api.keepPushDevice(who, { ...device, endpoint })
const hooks = (who: Caller): Caller => ({ ...who, via: 'key', scopes: ['hooks'] })
const hook = async ({ world }: Opened, who: Caller) => (await world.api.createHook(hooks(who), { url: 'https://hooks.example/1' })).hook

const stories: Readonly<Record<string, Story>> = {
  'the deletion of a user': erasure,
  'the collection of files': collection,
  'keeping a device': call(async (opened, who) => () => keep(opened, who, 'https://push.example/1')),
  'a device that is at another address': call(async (opened, who) => {
    await keep(opened, who, 'https://push.example/1')
    return () => keep(opened, who, 'https://push.example/2')
  }),
  'dropping a device': call(async (opened, who) => {
    await keep(opened, who, 'https://push.example/1')
    return () => opened.world.api.dropPushDevice(who, device.id)
  }),
  'the end of all sessions of a device': call(async (opened, who) => {
    await keep(opened, who, 'https://push.example/1')
    return () => opened.world.api.logout(who)
  }),
  'changing a webhook': call(async (opened, who) => {
    const { id } = await hook(opened, who)
    return () => opened.world.api.updateHook(hooks(who), { hookId: id, url: 'https://hooks.example/2', batch: 5, isEnabled: false })
  }),
  'deleting a webhook': call(async (opened, who) => {
    const { id } = await hook(opened, who)
    const { api } = opened.world
    // Again, it is not there any more.
    return () =>
      api.deleteHook(hooks(who), id).catch((error) => (isRefusal(error, 'not-found') ? undefined : Promise.reject(error as Error)))
  }),
}

/** Who serves a consumer at the moment, how often it was changed, and how far it has come beside what is asked for. */
const PASSING = /^leases\.|"leases"|\brevision"?$|^consumers\.behind$|^cursors\./
const UUID = /00000000-0000-7000-8000-([0-9a-f]{12})/g
/** An attempt that fails has made ids that nobody has. */
const withoutIdsAbove = (flat: Flat, last: number): Flat => {
  const told = (text: string) => text.replace(UUID, (id, tail: string) => (Number.parseInt(tail, 16) > last ? 'new' : id))
  const lasting = [...flat].filter(([place]) => !PASSING.test(place))
  const grouped = Map.groupBy(lasting, ([place]) => told(place))
  return new Map([...grouped].map(([place, some]) => [place, some.flatMap(([, values]) => values.map(told)).sort()]))
}

/** The store after an act, which is interrupted there; and what the act has called. */
async function after(worlds: Worlds, { prepare }: Story, at?: { readonly n: number; readonly when: When }, sabotage?: Sabotage) {
  const here = await worlds.open(sabotage)
  try {
    const { act, again } = await prepare(here)
    await here.world.settle()
    const made = here.world.made()
    here.ports.arm(at)
    const failure = await act().then(
      () => undefined,
      (error: unknown) => String(error),
    )
    const calls = here.ports.calls()
    here.ports.arm(undefined)
    await here.world.settle()
    if (failure !== undefined) await again()
    await here.world.settle()
    return { flat: withoutIdsAbove(await here.flat(), made), calls, failure }
  } finally {
    await here.close()
  }
}

describe.each(databases)('interrupted at any of its steps, on %s', { timeout: 120_000 }, (kind) => {
  it.each(Object.entries(stories))('%s is completed by the next attempt, and nothing is left half', async (_, story) => {
    await using worlds = await worldsOn(kind)
    const whole = await after(worlds, story)
    expect(whole.failure).toBeUndefined()
    expect(whole.calls).not.toEqual([])
    const wrong: string[] = []
    for (const { n, when } of stepsOf(whole.calls.length, mostOn(kind))) {
      const { flat, calls, failure } = await after(worlds, story, { n, when })
      const step = `${when} ${n}, ${calls[n - 1]}`
      if (failure !== undefined && !failure.includes(INTERRUPTED)) wrong.push(`${step}: ${failure}`)
      wrong.push(...differences(flat, whole.flat).map((place) => `${step}: ${place}`))
    }
    expect(wrong).toEqual([])
  })
})

/** The steps of a deletion that leave something when they are interrupted. */
async function leftHalf(kind: DatabaseKind, sabotage: Sabotage): Promise<string[]> {
  await using worlds = await worldsOn(kind)
  const whole = await after(worlds, erasure)
  const wrong: string[] = []
  for (const at of stepsOf(whole.calls.length, mostOn(kind))) {
    const { flat } = await after(worlds, erasure, at, sabotage)
    wrong.push(...differences(flat, whole.flat))
  }
  return wrong
}

const saboteurs: readonly (readonly [string, Sabotage])[] = [
  ['forgets who was being deleted', ({ people }) => ({ people: { ...people, erasing: async () => [] } })],
  [
    'ends uploads before their pieces are gone',
    ({ files }) => ({
      files: {
        ...files,
        async eraseOwner(ownerId, at) {
          const open = await files.eraseOwner(ownerId, at)
          for (const { id } of open) await files.endUpload(id)
          return open
        },
      },
    }),
  ],
]

describe('an interruption', { timeout: 60_000 }, () => {
  it.each(saboteurs)('would be noticed in a world that %s', async (_, sabotage) => {
    expect(await leftHalf('memory', sabotage)).not.toEqual([])
  })

  it.each(databases.filter((kind) => kind === 'postgres'))('would be noticed among the few of them on %s', async (kind) => {
    const [[, sabotage]] = saboteurs as [(typeof saboteurs)[number]]
    expect(await leftHalf(kind, sabotage)).not.toEqual([])
  })
})

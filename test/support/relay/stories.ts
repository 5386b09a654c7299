import type { RelaySabotage } from './processes.ts'
import type { RelayPlace } from './stores.ts'
import { type RelayWorld, relayWorld } from './world.ts'

export interface Told {
  readonly violations: readonly string[]
  readonly requests: number
}

const STEPS = 500
const DAY = 86_400_000
const MINUTE = 60_000

/** Hours in which processes come and go; in half of the worlds the store is restored from a copy on the way. */
export async function busyStory(place: RelayPlace, seed: number, sabotage?: RelaySabotage): Promise<Told> {
  const world = await relayWorld(place, seed, sabotage)
  const { below } = world.dice
  const [copied, restored] = seed % 4 < 2 ? [STEPS / 4 + below(STEPS / 4), STEPS / 2 + below(STEPS / 4)] : []
  let restore = async () => {}
  for (let step = 0; step < STEPS; step++) {
    if (step === copied) restore = await world.copy()
    if (step === restored) await restore()
    await busyStep(world)
  }
  return ended(world)
}

async function busyStep({ dice: { below, pick, chance }, time, happen, kill, tick, processes }: RelayWorld): Promise<void> {
  const what = below(20)
  if (what < 5) await happen()
  else if (what < 12) time.resume(1 + below(12))
  else if (what < 14) time.bring(1 + below(4))
  else if (what < 17) void tick(pick(processes))
  else if (what < 18 && chance(0.6)) kill(pick(processes))
  time.pass(chance(0.1) ? below(40_000) : below(1_000))
  await time.settled()
}

/** Fourteen days in which no receiver answers. */
export async function deadStory(place: RelayPlace, seed: number, sabotage?: RelaySabotage): Promise<Told> {
  const world = await relayWorld(place, seed, sabotage)
  const { dice, time, happen, kill, tick, processes, consumers, hooks, violations } = world
  time.free(true)
  world.be('dead')
  for (const until = time.now() + 14 * DAY; time.now() < until; ) {
    if (dice.chance(0.2)) await happen()
    if (dice.chance(0.05)) kill(dice.pick(processes))
    const one = dice.pick(processes)
    for (let i = dice.chance(0.05) ? 30 : dice.below(4); i >= 0; i--) {
      await tick(one)
      await time.settled()
      time.pass(8_000)
    }
    time.flush()
    time.pass(dice.below(120 * MINUTE))
  }
  for (const id of hooks) {
    const { items } = await consumers().dead(id, { limit: 1 })
    if (items.length > 0) violations.push(`${id}: ${items[0]!.from}-${items[0]!.to} is dead`)
    const state = (await consumers().get(id))!.state
    if (state !== 'failing') violations.push(`${id}: is ${state} after fourteen days`)
  }
  return ended(world)
}

/** Receivers are well, nothing waits: everything is delivered in the end. */
async function ended(world: RelayWorld): Promise<Told> {
  const { time, tick, processes, missing, violations, requests, close } = world
  world.be('good')
  time.free(true)
  for (let round = 0; round < 200 && (round < 3 || missing().length > 0); round++) {
    time.flush()
    await Promise.all(processes.map(tick))
    for (let i = 0; i < 3; i++) await time.settled()
    time.pass(10_000)
  }
  await close()
  return { violations: [...violations, ...missing()], requests: requests() }
}

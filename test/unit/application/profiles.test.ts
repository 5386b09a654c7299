import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { PRESENCE_MEMBERS } from '../../../src/application/live/presence.ts'
import { liveProfiles } from '../../../src/application/live/profiles.ts'
import type { Published } from '../../../src/application/ports/bus.ts'
import { asId, SYSTEM_ID, type UserId } from '../../../src/domain/ids.ts'
import { type Line, type Processes, processes } from './unpolled.ts'

const named = async (at: Processes, ...names: readonly string[]) =>
  (await Promise.all(names.map((name) => at.person(name)))) as [Caller, Caller, Caller, Caller]
/** Names that a connection was told, in order. */
const told = (line: Line) => line.of('user').map(({ person }) => person.name)
async function round({ apps, settle }: Processes): Promise<void> {
  for (const { hub } of apps) {
    await hub.announceUsers()
    await settle()
  }
}

describe('a user who is renamed', () => {
  it('is told to members of the user’s chats in every process, to the user’s own devices, and to nobody else', async () => {
    const at = processes(2)
    const [here, there] = at.apps as [(typeof at.apps)[0], (typeof at.apps)[0]]
    const [anna, boris, vera, eve] = await named(at, 'Anna', 'Boris', 'Vera', 'Eve')
    await at.group(boris, [anna, vera])
    await here.api.openPrivateChat(anna, { userId: boris.userId })
    await at.settle()
    const lines = [await at.live(boris, { app: here })]
    for (const who of [boris, vera, anna]) lines.push(await at.live(who, { app: there }))
    const strangers = [await at.live(eve, { app: here }), await at.live(eve, { app: there })]
    await here.api.updateMe(anna, { name: 'Anne' })
    await round(at)
    expect(lines.map(told)).toEqual([['Anne'], ['Anne'], ['Anne'], ['Anne']])
    expect(strangers.map(told)).toEqual([[], []])
  })

  it('is told once for however many changes, as the store has it then, and not again', async () => {
    const at = processes()
    const [anna, boris] = await named(at, 'Anna', 'Boris')
    for (const _ of [1, 2, 3]) await at.group(anna, [boris])
    const line = await at.live(boris)
    for (let n = 1; n <= 50; n++) await at.app.api.updateMe(anna, { name: `Anna ${n}` })
    for (const _ of [1, 2, 3]) await round(at)
    expect(told(line)).toEqual(['Anna 50'])
  })

  it('is told to others in chats of up to 100 members, and always to the user’s own devices', async () => {
    const at = processes()
    const [anna, boris] = await named(at, 'Anna', 'Boris')
    const others = await named(at, ...Array.from({ length: PRESENCE_MEMBERS - 1 }, (_, i) => `Other ${i}`))
    const chatId = await at.group(anna, [boris, ...others])
    const [hers, his] = [await at.live(anna), await at.live(boris)]
    await at.app.api.updateMe(anna, { name: 'Anne' })
    await round(at)
    expect([told(hers), told(his)]).toEqual([['Anne'], []])
    await at.app.api.removeMembers(anna, { chatId, userIds: [others[0].userId] })
    await at.app.api.updateMe(anna, { name: 'Ann' })
    await round(at)
    expect([told(hers), told(his)]).toEqual([['Anne', 'Ann'], ['Ann']])
  })

  it('is not told to who has left the chats of both meanwhile, or has muted them', async () => {
    const at = processes()
    const [anna, boris, vera] = await named(at, 'Anna', 'Boris', 'Vera')
    const chatId = await at.group(anna, [boris, vera])
    const [gone, muted] = [await at.live(boris), await at.live(vera)]
    await muted.connection.leave(chatId, true)
    await at.app.api.updateMe(anna, { name: 'Anne' })
    await at.app.api.removeMembers(anna, { chatId, userIds: [boris.userId] })
    await round(at)
    expect([told(gone), told(muted)]).toEqual([[], []])
  })

  it('is told of by no change that others do not see', async () => {
    const at = processes()
    const [anna, boris] = await named(at, 'Anna', 'Boris')
    await at.group(anna, [boris])
    const line = await at.live(boris)
    await at.app.api.updateMe(anna, { notices: { level: 'none' }, privacy: { lastSeen: 'nobody' } })
    await at.app.api.revokeTokens({ ...anna, userId: SYSTEM_ID, via: 'key', scopes: ['admin'] }, anna.userId)
    await round(at)
    expect(told(line)).toEqual([])
  })
})

describe('changes of many users', () => {
  const ids = Array.from({ length: 10_500 }, (_, i) => asId<UserId>(`user-${i}`))
  const placesOf = (count: number) => Array.from({ length: count }, (_, i) => ({ chatId: asId(`chat-${i}`), memberCount: 2 }))

  it('are told some at a time, in some of the chats of each, and beyond a bound not at all', async () => {
    const asked: UserId[] = []
    const notices: Published[] = []
    const profiles = liveProfiles({
      people: { get: async () => undefined } as never,
      chats: { places: async (userId: UserId) => placesOf(asked.push(userId) === 1 ? 1_200 : 1) } as never,
      bus: { publish: (some: readonly Published[]) => void notices.push(...some) } as never,
      clock: () => 0,
      devices: { of: () => [] },
      feed: { tracks: new Map() },
    })
    profiles.changed(ids)
    await profiles.announce()
    expect([asked.length, notices.length]).toEqual([200, 1_001 + 199 * 2])
    for (let n = 0; n < 100; n++) await profiles.announce()
    expect(asked).toEqual(ids.slice(0, 10_000))
  })
})

import { describe, expect, it } from 'vitest'
import { type PresenceSabotage, presenceWorld } from '../support/presence-world.ts'
import { firstViolation } from '../support/simulated.ts'
import { tries } from '../support/tries.ts'

const SEEDS = tries(300)

/** Who is there is told to those alone who share a chat, and becomes true again whatever was lost. */
describe('presence', { retry: 0 }, () => {
  it.each([
    ['is honest', { bus: 'honest' }],
    ['loses and repeats and reorders', {}],
  ] as const)('is right, and told to no stranger, over a bus that %s', { timeout: 120_000 }, async (_, sabotage) => {
    expect(await firstViolation((seed) => presenceWorld(seed, sabotage), SEEDS)).toBeUndefined()
  })

  const saboteurs: readonly { that: string; sabotage: PresenceSabotage; notices: RegExp }[] = [
    { that: 'never asks again', sabotage: { skipsSweeps: true }, notices: /sees \w+ (connected|away)/ },
    { that: 'answers nobody', sabotage: { says: (notice) => (notice.type === 'presence' ? undefined : notice) }, notices: /away/ },
    {
      that: 'says that nobody ever goes',
      sabotage: { says: (notice) => (notice.type === 'presence' && notice.userIds.length === 0 ? undefined : notice), skipsSweeps: true },
      notices: /connected/,
    },
    {
      that: 'tells of one chat in another',
      sabotage: {
        says: (notice, chats) =>
          notice.type === 'presence' ? { ...notice, chatId: chats[(chats.indexOf(notice.chatId) + 1) % 3]! } : notice,
      },
      notices: /no chat is shared/,
    },
  ]
  it.each(saboteurs)('would notice a world that $that', { timeout: 60_000 }, async ({ sabotage, notices }) => {
    expect(await firstViolation((seed) => presenceWorld(seed, sabotage), 200, notices)).toBeDefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/adapters/wire/schemas/events.ts'
import { tries } from '../support/tries.ts'
import { changedSocket } from './client-socket.ts'
import { eventsAreEnough, type Sabotage } from './client-views.ts'

/** A copy that ignores one kind of event, as if it did not know it. */
const ignoring =
  (kind: Event['type']): Sabotage =>
  (device) => ({
    platform: {
      ...device.platform,
      WebSocket: changedSocket(device, { in: (text) => text.replaceAll(`"type":"${kind}"`, '"type":"chat.unheard_of"') }),
    },
  })

/** Of a chat that has just been created nothing was fetched before: the client fetches it, whatever the event says. */
const kinds = [
  ...(['chat.renamed', 'member.added', 'member.left', 'member.removed', 'member.role_changed'] as const),
  ...(['message.sent', 'message.edited', 'message.deleted', 'author.erased'] as const),
] satisfies readonly Exclude<Event['type'], 'chat.created'>[]

describe('the views of a client', { retry: 0 }, () => {
  it('are after every event what would be fetched', { timeout: 120_000 }, async () => {
    await expect(fc.assert(eventsAreEnough(), { numRuns: tries(40) })).resolves.toBeUndefined()
  })

  it.each(kinds)('would notice one that ignores %s', { timeout: 120_000 }, async (kind) => {
    expect(await fc.check(eventsAreEnough(ignoring(kind)), { numRuns: 400, endOnFailure: true })).toMatchObject({
      failed: true,
      errorInstance: { name: 'AssertionError' },
    })
  })
})

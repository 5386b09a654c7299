import { describe, expect, it } from 'vitest'
import { addPeople, blockUser, leaveForGood, listBlocks, myPrivacy, setPrivacy, unblockUser } from '../../../src/client/order.ts'
import { answered, clientOf, given, online } from './given.ts'

async function world() {
  const { server, ann, bob, clock } = await given()
  const [anns, bobs] = [clientOf(server, ann).client, clientOf(server, bob).client]
  await online(server, anns)
  await online(server, bobs)
  return { server, ann, bob, anns, bobs, clock }
}

describe('consent', () => {
  it('shows a block on all devices of the user, also on one that comes later, and nothing of it to the other', async () => {
    const { server, ann, bob, anns, bobs, clock } = await world()
    const { client: tablet } = clientOf(server, ann)
    await online(server, tablet)
    expect(tablet.people.blocked.get()).toEqual([])
    await answered(clock, blockUser(anns, bob.id))
    await clock.until(() => tablet.people.blocked.get().length === 1)
    await clock.until(() => anns.people.blocked.get().length === 1)
    expect([anns, tablet].map(({ people }) => people.blocked.get())).toEqual([[bob.id], [bob.id]])
    const { client: phone } = clientOf(server, ann)
    await online(server, phone)
    await clock.until(() => phone.people.blocked.get().length === 1)
    expect((await answered(clock, listBlocks(phone))).items.map(({ id }) => id)).toEqual([bob.id])
    expect(bobs.people.blocked.get()).toEqual([])
    await clock.until(() => phone.chats.get().status === 'ready')
    const { client: later } = clientOf(server, ann, { snapshot: phone.snapshot() })
    expect(later.connection.get().status).not.toBe('online')
    expect(later.people.blocked.get()).toEqual([bob.id])
    await answered(clock, unblockUser(phone, bob.id))
    await clock.until(() => [anns, tablet, phone].every(({ people }) => people.blocked.get().length === 0))
  })

  it('names those who were not added, and lets nobody add who stays out', async () => {
    const { ann, bob, anns, bobs, clock } = await world()
    expect(await answered(clock, myPrivacy(bobs))).toEqual({ write: 'anyone', add: 'anyone', lastSeen: 'known' })
    expect(await answered(clock, setPrivacy(bobs, { add: 'nobody' }))).toEqual({ write: 'anyone', add: 'nobody', lastSeen: 'known' })
    const chat = anns.chat(await ann.group('Tea', []))
    expect(await answered(clock, addPeople(anns, chat.id, [bob.id]))).toEqual({ skipped: [bob.id] })
    await answered(clock, setPrivacy(bobs, { add: 'anyone' }))
    expect(await answered(clock, addPeople(anns, chat.id, [bob.id]))).toEqual({ skipped: [] })
    await clock.until(() => bobs.chat(chat.id).item.get() !== undefined)
    await answered(clock, leaveForGood(bobs, chat.id))
    expect(await answered(clock, addPeople(anns, chat.id, [bob.id]))).toEqual({ skipped: [bob.id] })
  })
})

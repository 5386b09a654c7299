import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../../../src/client/index.ts'
import { clientOf, given, online } from './given.ts'

/** Ann looks at a group with Bob and Cid in it; what the service says once of Bob passes, and its end is never said. */
async function watching() {
  const scene = await given()
  const { server, ann, bob, clock } = scene
  const cid = server.addPerson('Cid')
  const group = await ann.group('Club', [bob.id, cid.id])
  const { client, device } = clientOf(server, ann)
  await online(server, client)
  await clock.until(() => client.chats.get().items.some(({ id }) => id === group))
  const chat = client.chat(group)
  const close = chat.open()
  await clock.until(() => chat.timeline.get().status === 'ready' && chat.item.get() !== undefined)
  await clock.advance(500)
  return { ...scene, cid, group, client, device, chat, close }
}
type Scene = Awaited<ReturnType<typeof watching>>

/** What passes: how it is said, and whether it is shown. */
const states: Readonly<Record<string, { say(scene: Scene): void; isShown(client: ChatClient, scene: Scene): boolean }>> = {
  typing: {
    say: ({ server, ann, bob, group }) => server.say({ type: 'typing', chat_id: group, user_ids: [bob.id] }, ann.id),
    isShown: (client, { group, bob }) => client.chat(group).typing.get().includes(bob.id),
  },
  'typing in the list': {
    say: ({ server, ann, bob, group }) => server.say({ type: 'typing', chat_id: group, user_ids: [bob.id] }, ann.id),
    isShown: (client, { group }) => (client.chats.get().items.find(({ id }) => id === group)?.typing.length ?? 0) > 0,
  },
  presence: {
    say: ({ server, ann, bob }) => server.say({ type: 'presence', user_id: bob.id, online: true, last_seen_at: null }, ann.id),
    isShown: (client, { bob }) => client.people.presence.get().get(bob.id)?.isOnline === true,
  },
}

/** How its owner, or who looks at it, can go. */
const ways: Readonly<Record<string, { of: readonly string[]; go(scene: Scene): unknown }>> = {
  'leaves': { of: ['typing', 'typing in the list'], go: ({ bob, group }) => bob.leave(group) },
  'is removed': { of: ['typing', 'typing in the list'], go: ({ ann, bob, group }) => ann.dismiss(group, bob.id) },
  'has the account deleted': { of: Object.keys(states), go: ({ bob }) => bob.deleteAccount() },
  'sends the message': { of: ['typing', 'typing in the list'], go: ({ bob, group }) => bob.send(group, 'Done') },
  'is gone without a word': { of: ['typing', 'typing in the list'], go: ({ clock }) => clock.advance(30_000) },
  'has the chat deleted': { of: Object.keys(states), go: ({ ann, group }) => ann.disband(group) },
  'is out of sight: the viewer closes the chat': { of: Object.keys(states), go: ({ close }) => close() },
  'is out of sight: the viewer is removed': {
    of: ['typing', 'typing in the list'],
    async go({ ann, cid, group }) {
      await ann.changeRole(group, cid.id, 'owner')
      await cid.dismiss(group, ann.id)
    },
  },
  'is out of reach: the connection is cut': { of: Object.keys(states), go: ({ device }) => device.setOnline(false) },
  'is out of reach: the client stops': { of: Object.keys(states), go: ({ client }) => client.stop() },
}

const cases = Object.entries(ways).flatMap(([way, { of }]) => of.map((state) => [state, way] as const))

describe('what passes has an end', () => {
  it.each(cases)('%s ends when the user %s', async (state, way) => {
    const scene = await watching()
    const { say, isShown } = states[state]!
    say(scene)
    await scene.clock.until(() => isShown(scene.client, scene))
    await ways[way]!.go(scene)
    await scene.clock.until(() => !isShown(scene.client, scene), 2_000)
    expect(isShown(scene.client, scene)).toBe(false)
  })

  it('and is shown on where nobody has gone', async () => {
    for (const { say, isShown } of Object.values(states)) {
      const scene = await watching()
      say(scene)
      await scene.clock.advance(2_000)
      expect(isShown(scene.client, scene)).toBe(true)
    }
  })
})

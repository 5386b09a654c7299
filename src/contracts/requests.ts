import { expect, it } from 'vitest'
import type { RequestPosition } from '../application/ports/requests.ts'
import { ban } from '../domain/banning.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import { accept } from '../domain/requesting.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** What `Requests` promises, and what ends a request. */
export const requestsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: requests`, openStore, (scene) => {
    it('lists who asks, oldest first, each once, and forgets who asks no more', async () => {
      const stage = askingIn(scene())
      const { persons, group, requests, ask, askers, newId } = stage
      const [ann, bob, cid, dan] = (await persons(4)) as [UserId, UserId, UserId, UserId]
      const chat = await group(ann)
      for (const who of [cid, bob, dan, bob]) expect(await ask(chat, who)).toBe(true)
      for (const limit of [1, 2, 5]) expect(await askers(chat, limit)).toEqual([cid, bob, dan])
      expect(await requests.list(chat, { limit: 1, count: true })).toMatchObject({ total: 3, items: [{ person: { id: cid } }] })
      expect([await requests.remove(chat, bob), await requests.remove(chat, bob)]).toEqual([true, false])
      expect(await requests.remove(newId() as ChatId, cid)).toBe(false)
      expect(await askers(chat)).toEqual([cid, dan])
      expect(await askers(newId() as ChatId)).toEqual([])
    })

    it('takes no request of members, in chats that are gone, or above the limit, however many come at once', async () => {
      const { persons, group, disband, ask, askers, newId } = askingIn(scene())
      const [ann, ...others] = (await persons(9)) as [UserId, ...UserId[]]
      const [chat, gone] = [await group(ann), await group(ann)]
      await disband(gone, ann)
      expect([await ask(chat, ann), await ask(gone, others[0]!), await ask(newId() as ChatId, others[0]!)]).toEqual([false, false, false])
      const outcomes = await Promise.all(others.map((who) => ask(chat, who, 5)))
      expect(outcomes.filter(Boolean)).toHaveLength(5)
      expect(await askers(chat)).toHaveLength(5)
      const first = others[outcomes.indexOf(true)]!
      expect(await ask(chat, first, 5)).toBe(true)
    })

    it('lets in who has asked, once, and nobody else', async () => {
      const { persons, group, events, ask, askers, letIn } = askingIn(scene())
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann)
      await ask(chat, bob)
      await expect(letIn(chat, ann, cid)).rejects.toMatchObject({ code: 'request-not-found' })
      await Promise.all([letIn(chat, ann, bob), letIn(chat, ann, bob)])
      expect((await events(chat)).slice(1)).toMatchObject([{ type: 'member.added', actorId: ann, person: { id: bob }, role: 'member' }])
      expect(await askers(chat)).toEqual([])
    })

    it.each(endings)('ends when its user %s', async (_, end) => {
      const stage: Asking = askingIn(scene())
      const { persons, group, ask, askers, letIn, dismiss, chats } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann)
      await ask(chat, bob)
      await end(stage, chat, ann, bob)
      expect(await askers(chat)).toEqual([])
      if (await chats.standing(bob, chat)) await dismiss(chat, ann, bob)
      await expect(letIn(chat, ann, bob)).rejects.toMatchObject({ code: 'request-not-found' })
    })
  })

type Asking = ReturnType<typeof askingIn>

const endings: readonly (readonly [string, (stage: Asking, chat: ChatId, ann: UserId, bob: UserId) => Promise<unknown>])[] = [
  ['is added', ({ add }, chat, ann, bob) => add(chat, ann, bob)],
  ['is banned', ({ exclude }, chat, ann, bob) => exclude(chat, ann, bob)],
  ['is deleted', ({ people, tick }, _chat, _ann, bob) => people.erase(bob, tick())],
]

function askingIn(scene: Scene) {
  const { log, requests, newId, tick } = scene
  return {
    ...scene,
    ask: (chatId: ChatId, userId: UserId, limit = 100) => requests.add({ chatId, userId, invitationId: newId(), at: tick() }, limit),
    askers: async (chatId: ChatId, limit = 10) =>
      (await allPages((from?: RequestPosition) => requests.list(chatId, { from, limit }))).map(({ person }) => person.id),
    letIn: (chat: ChatId, deciderId: UserId, userId: UserId) => {
      const people = [userId]
      const scope = { chat, members: [deciderId, userId], people, bans: people, mutes: people, requests: people }
      const change = { deciderId, userId, at: tick() }
      return log.change(scope, (state) => accept(state, change))
    },
    exclude: (chat: ChatId, actorId: UserId, userId: UserId) => {
      const command = { actorId, userId, until: undefined, reason: undefined, at: tick() }
      return log.change({ chat, members: [actorId, userId], people: [userId], bans: [userId] }, (state) => ban(state, command))
    },
  }
}

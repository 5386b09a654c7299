import fc from 'fast-check'
import { expect } from 'vitest'
import { expireTexts } from '../../src/application/expiring.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { OpenStore, StoreHarness } from '../../src/contracts/store-harness.ts'
import { alter } from '../../src/domain/altering.ts'
import type { ChatId, Instant, MessageId, Seq, UserId } from '../../src/domain/ids.ts'

/** One tick of a scene, in seconds. */
const TICK_S = 60

const who = fc.nat({ max: 3 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('send' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('delete' as const), who, which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('read' as const), who, which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('block' as const, 'unblock' as const), who, whom: who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('expire' as const), ticks: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('erase' as const), who }) },
)
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** What is known of the chat without counting in the store. */
interface Model {
  readonly messages: { readonly id: MessageId; readonly seq: Seq; readonly at: Instant; readonly sender: UserId; isGone: boolean }[]
  readonly marks: Map<UserId, Seq>
  readonly blocks: Set<string>
  readonly members: Set<UserId>
}

const counted = ({ messages, marks, blocks }: Model, me: UserId): number =>
  messages.filter(({ seq, sender, isGone }) => seq > marks.get(me)! && sender !== me && !isGone && !blocks.has(`${me} ${sender}`)).length

/** In whatever order people send, delete, read, block, are erased and texts go by their age: what is unread is what a count says, wherever it is told. */
export const unreadIsExact = (open: OpenStore) =>
  fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30, size: 'max' }), async (steps) => {
    const store = await open()
    const scene = sceneOf(store)
    const people = (await scene.persons(4)) as [UserId, UserId, UserId, UserId]
    const [owner, ...others] = people
    const chat = await scene.group(owner, ...others)
    const model: Model = { messages: [], marks: new Map(people.map((id) => [id, 1])), blocks: new Set(), members: new Set(people) }
    for (const one of steps) {
      await take({ scene, store, chat, people, model }, one)
      await agrees(store, chat, model)
    }
  })

async function agrees({ chats, receipts }: StoreHarness, chatId: ChatId, model: Model): Promise<void> {
  for (const me of model.members) {
    const count = counted(model, me)
    const view = await chats.get(me, chatId)
    const listed = (await chats.list(me, {}, { limit: 1 })).items[0]
    const standing = await chats.standing(me, chatId)
    const marked = await receipts.advance({ chatId, userId: me, to: 0, at: 0 })
    expect([view?.unread, listed?.unread, standing?.unread, marked?.unread]).toEqual([count, count, count, count])
  }
}

interface World {
  readonly scene: ReturnType<typeof sceneOf>
  readonly store: StoreHarness
  readonly chat: ChatId
  readonly people: readonly UserId[]
  readonly model: Model
}

async function take({ scene, store, chat, people, model }: World, one: Step): Promise<void> {
  const { messages, marks, blocks, members } = model
  if (one.does === 'expire') return expired({ scene, store, chat, people, model }, one.ticks)
  const me = people[one.who]!
  if (!members.has(me)) return
  if (one.does === 'send') {
    const { id, seq, at } = await scene.send(chat, me)
    messages.push({ id, seq, at, sender: me, isGone: false })
  } else if (one.does === 'delete') {
    const own = messages.filter(({ sender }) => sender === me)
    const message = own[one.which % Math.max(1, own.length)]
    if (!message) return
    await scene.remove(chat, me, message.id)
    message.isGone = true
  } else if (one.does === 'read') {
    const to = 1 + (one.which % (messages.at(-1)?.seq ?? 1))
    await scene.read(chat, me, to)
    marks.set(me, Math.max(marks.get(me)!, to))
  } else if (one.does === 'erase') {
    // The owner stays, so that the group does.
    if (one.who === 0) return
    await scene.eraseFrom(chat, me)
    members.delete(me)
    for (const message of messages) if (message.sender === me) message.isGone = true
  } else {
    const whom = people[one.whom]!
    if (whom === me) return
    if (one.does === 'block') await store.consents.block(me, whom, scene.tick())
    else await store.consents.unblock(me, whom)
    blocks[one.does === 'block' ? 'add' : 'delete'](`${me} ${whom}`)
  }
}

/** The owner keeps texts for so long, and the chore runs; then they stay again. */
async function expired({ scene, store, chat, people, model }: World, ticks: number): Promise<void> {
  const keep = (keepS: number) => {
    const change = { editorId: people[0]!, rules: { keepS }, at: scene.tick() }
    return store.log.change({ chat, members: [people[0]!] }, (state) => alter(state, change))
  }
  await keep(ticks * TICK_S)
  const at = scene.tick()
  const expiries = {
    ...store.expiries,
    chats: async (...[after]: Parameters<typeof store.expiries.chats>) =>
      after ? [] : (await store.expiries.chats(undefined, 'with rules', 10_000)).filter(({ chatId }) => chatId === chat),
  }
  await expireTexts({ log: store.log, expiries, clock: () => at, newId: store.newId }, undefined)()
  await keep(0)
  for (const message of model.messages) if (message.at < at - ticks * TICK_S * 1_000) message.isGone = true
}

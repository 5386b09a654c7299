import fc from 'fast-check'
import { expect } from 'vitest'
import type { MentionPosition } from '../../src/application/ports/views.ts'
import { allPages, sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatId, MessageId, Seq, UserId } from '../../src/domain/ids.ts'
import type { Mention } from '../../src/domain/message.ts'

const PEOPLE = 4

/** `who`, `whom` and `which` are taken modulo what there is. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('send' as const), who: fc.nat(9), whom: fc.subarray([0, 1, 2, 3]), all: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('mention' as const), which: fc.nat(9), whom: fc.subarray([0, 1, 2, 3]), all: fc.boolean() }),
  },
  fc.record({ does: fc.constantFrom('rewrite' as const, 'annotate' as const, 'delete' as const), which: fc.nat(9) }),
  fc.record({ does: fc.constantFrom('leave' as const, 'join' as const), who: fc.nat(9) }),
  fc.record({ does: fc.constant('read' as const), who: fc.nat(9), upTo: fc.nat(30) }),
  fc.record({ does: fc.constant('erase' as const), who: fc.nat(2) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Sent {
  readonly id: MessageId
  readonly seq: Seq
  readonly by: UserId
  isDeleted: boolean
  /** Members at the last change of the mentions. */
  named: ReadonlySet<UserId>
  isToAll: boolean
}

/** What the contract says, looked up in everything that was ever sent. */
function modelOf() {
  const members = new Map<UserId, { joined: Seq; read: Seq }>()
  const sent: Sent[] = []
  const concerns = ({ by, named, isToAll, seq, isDeleted }: Sent, who: UserId): boolean =>
    !isDeleted && by !== who && (named.has(who) || (isToAll && members.get(who)!.joined < seq))
  const above = (who: UserId) => sent.filter(({ seq }) => seq > members.get(who)!.read)
  return {
    members,
    sent,
    alive: () => sent.filter(({ isDeleted, by }) => !isDeleted && members.has(by)),
    of: (who: UserId) => ({
      unread: above(who).filter(({ by, isDeleted }) => by !== who && !isDeleted).length,
      unreadMentions: above(who).filter((message) => concerns(message, who)).length,
      listed: sent.filter((message) => concerns(message, who)).map(({ id }) => id),
      listedUnread: above(who)
        .filter((message) => concerns(message, who))
        .map(({ id }) => id),
    }),
  }
}

async function worldOf(store: StoreHarness) {
  const scene = sceneOf(store)
  const owner = await scene.person()
  const people = await scene.persons(PEOPLE)
  const chatId = await scene.group(owner, ...people)
  const model = modelOf()
  for (const id of [owner, ...people]) model.members.set(id, { joined: 1, read: 1 })
  return { scene, owner, people, chatId, model, erased: new Set<UserId>() }
}
type World = Awaited<ReturnType<typeof worldOf>>

const mentionsOf = ({ people }: World, whom: readonly number[], isToAll: boolean): Mention[] => [
  ...whom.map((n): Mention => ({ kind: 'user', userId: people[n]!, start: n, length: 1 })),
  ...(isToAll ? [{ kind: 'all' as const, start: 5, length: 1 }] : []),
]
const namedBy = ({ people, model }: World, whom: readonly number[]) =>
  new Set(whom.map((n) => people[n]!).filter((id) => model.members.has(id)))
const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)]

type Act<D> = (world: World, step: Extract<Step, { does: D }>) => Promise<void>
const acts: { readonly [D in Step['does']]: Act<D> } = {
  async send(world, { who, whom, all }) {
    const { model, scene, chatId } = world
    const by = pick([...model.members.keys()], who)!
    const { id, seq } = await scene.send(chatId, by, '012345', { content: { mentions: mentionsOf(world, whom, all) } })
    model.sent.push({ id, seq, by, isDeleted: false, named: namedBy(world, whom), isToAll: all })
  },
  async mention(world, { which, whom, all }) {
    const message = pick(world.model.alive(), which)
    if (!message) return
    const before = await world.scene.chats.message(message.by, world.chatId, message.id)
    const mentions = mentionsOf(world, whom, all)
    await world.scene.edit(world.chatId, message.by, message.id, { mentions })
    const isSame = JSON.stringify(before!.message!.message.content.mentions) === JSON.stringify(mentions)
    if (!isSame) Object.assign(message, { named: namedBy(world, whom), isToAll: all })
  },
  async rewrite({ model, scene, chatId }, { which }) {
    const message = pick(model.alive(), which)
    if (!message) return
    await scene.edit(chatId, message.by, message.id, `rewritten ${scene.tick()}`)
    Object.assign(message, { named: new Set(), isToAll: false })
  },
  async annotate({ model, scene, chatId }, { which }) {
    const message = pick(model.alive(), which)
    if (message) await scene.edit(chatId, message.by, message.id, { data: { at: scene.tick() } })
  },
  async delete({ model, scene, chatId, owner }, { which }) {
    const message = pick(model.sent, which)
    if (!message) return
    await scene.remove(chatId, owner, message.id)
    message.isDeleted = true
  },
  async leave({ model, scene, chatId, people }, { who }) {
    const id = people[who % PEOPLE]!
    if (!model.members.has(id)) return
    await scene.dismiss(chatId, id, id)
    model.members.delete(id)
  },
  async join({ model, scene, chatId, owner, people, erased }, { who }) {
    const id = people[who % PEOPLE]!
    if (model.members.has(id) || erased.has(id)) return
    await scene.add(chatId, owner, id)
    const { joinedSeq } = (await scene.chats.standing(id, chatId))!
    model.members.set(id, { joined: joinedSeq, read: joinedSeq })
  },
  async read({ model, scene, chatId }, { who, upTo }) {
    const [id, member] = pick([...model.members], who)!
    const { receipt, unread, unreadMentions } = await scene.read(chatId, id, upTo)
    member.read = receipt.readSeq
    expect({ unread, unreadMentions }).toEqual(pickCounts(model.of(id)))
  },
  async erase({ model, scene, chatId, people, erased }, { who }) {
    const id = people[who]!
    if (who === 0 || erased.has(id)) return
    erased.add(id)
    await scene.people.erase(id, scene.tick())
    await scene.log.eraseTexts({ chatId, userId: id, at: scene.tick() })
    await scene.eraseFrom(chatId, id)
    model.members.delete(id)
    for (const message of model.sent) {
      message.named = new Set([...message.named].filter((named) => named !== id))
      if (message.by === id) message.isDeleted = true
    }
  },
}

const pickCounts = ({ unread, unreadMentions }: ReturnType<ReturnType<typeof modelOf>['of']>) => ({ unread, unreadMentions })

async function compare({ model, scene, chatId }: World): Promise<void> {
  for (const id of model.members.keys()) {
    const expected = model.of(id)
    const { unread, unreadMentions } = (await scene.chats.get(id, chatId))!
    const standing = (await scene.chats.standing(id, chatId))!
    const list = async (isUnread: boolean) => {
      const views = await allPages((from?: MentionPosition) => scene.chats.mentions(id, { unread: isUnread }, { limit: 3, from }))
      return views.map(({ message }) => message.id).reverse()
    }
    expect({ unread, unreadMentions, listed: await list(false), listedUnread: await list(true) }).toEqual(expected)
    expect(pickCounts({ ...expected, ...standing })).toEqual(pickCounts(expected))
  }
}

/** After every step each member has the unread messages and mentions that looking through all messages finds, and lists them once each. */
export const concernsAsSaid = (open: () => Promise<StoreHarness>) =>
  fc.asyncProperty(fc.array(step, { size: 'max', maxLength: 25 }), async (steps) => {
    const world = await worldOf(await open())
    for (const one of steps) {
      await (acts[one.does] as Act<Step['does']>)(world, one)
      await compare(world)
    }
  })

export type Sabotage = (store: StoreHarness) => StoreHarness

/** A log that says otherwise whether an edit changes whom a message concerns. */
const mentioning =
  (isMentioning: boolean): Sabotage =>
  (store) => ({
    ...store,
    log: {
      ...store.log,
      change: (scope, decide) =>
        store.log.change(scope, (state) => {
          const { events, result } = decide(state)
          return { events: events.map((event) => (event.type === 'message.edited' ? { ...event, isMentioning } : event)), result }
        }),
    },
  })

/** A list that shows something else. */
const listing = (show: (ids: MessageId[], chatId: ChatId, viewer: UserId) => (id: MessageId) => number): Sabotage => {
  const listed = new Map<string, MessageId[]>()
  return (store) => ({
    ...store,
    chats: {
      ...store.chats,
      async mentions(viewer, filter, window) {
        const page = await store.chats.mentions(viewer, filter, window)
        const seen = listed.get(viewer) ?? []
        listed.set(viewer, seen)
        return {
          ...page,
          items: page.items.flatMap((view) => Array.from({ length: show(seen, view.message.chatId, viewer)(view.message.id) }, () => view)),
        }
      },
    },
  })
}

export const saboteurs: readonly (readonly [that: string, sabotage: Sabotage])[] = [
  ['keeps mentions that an edit takes away', mentioning(false)],
  ['finds the members anew with every edit', mentioning(true)],
  ['lists a message only the first time', listing((seen) => (id) => (seen.includes(id) ? 0 : seen.push(id) && 1))],
  [
    'names the sender, too',
    (store) => ({
      ...store,
      chats: {
        ...store.chats,
        async get(viewer, chatId) {
          const view = await store.chats.get(viewer, chatId)
          const last = view?.lastMessage?.message
          const isOwn = last?.sender.id === viewer && last.content.mentions.length > 0 && last.seq > view!.me.readSeq
          return view && isOwn ? { ...view, unreadMentions: view.unreadMentions + 1 } : view
        },
      },
    }),
  ],
  [
    'counts a message twice that mentions one and all',
    (store) => ({
      ...store,
      chats: {
        ...store.chats,
        async standing(viewer, chatId) {
          const standing = await store.chats.standing(viewer, chatId)
          const { items } = await store.chats.mentions(viewer, { unread: true }, { limit: 100 })
          const isTwice = ({ content }: { readonly content: { readonly mentions: readonly Mention[] } }) =>
            content.mentions.some(({ kind }) => kind === 'all') &&
            content.mentions.some((one) => one.kind === 'user' && one.userId === viewer)
          const more = items.filter(({ message }) => isTwice(message)).length
          return standing && { ...standing, unreadMentions: standing.unreadMentions + more }
        },
      },
    }),
  ],
]

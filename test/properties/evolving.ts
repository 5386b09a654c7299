import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Caller } from '../../src/application/chat-api.ts'
import { addMembers } from '../../src/application/chats/add-members.ts'
import { banUser, unbanUser } from '../../src/application/chats/ban-user.ts'
import { changeRole } from '../../src/application/chats/change-role.ts'
import { createGroup } from '../../src/application/chats/create-group.ts'
import { deleteChat } from '../../src/application/chats/delete-chat.ts'
import { muteMember, unmuteMember } from '../../src/application/chats/mute-member.ts'
import { removeMembers } from '../../src/application/chats/remove-members.ts'
import { renameChat } from '../../src/application/chats/rename-chat.ts'
import { finishErasure } from '../../src/application/identity/finish-erasure.ts'
import { deleteMessage } from '../../src/application/messages/delete-message.ts'
import { editMessage } from '../../src/application/messages/edit-message.ts'
import { pinMessage, unpinMessage } from '../../src/application/messages/pin-message.ts'
import { combiner } from '../../src/application/messages/reacting.ts'
import { sendMessage } from '../../src/application/messages/send-message.ts'
import { uploaded } from '../../src/contracts/files.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { NewContent } from '../../src/domain/content.ts'
import { type ChatState, emptyState, nothing } from '../../src/domain/decision.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { evolve } from '../../src/domain/evolve.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../src/domain/ids.ts'
import type { Member } from '../../src/domain/member.ts'
import type { Message } from '../../src/domain/message.ts'
import { ALL_PINS } from '../../src/domain/pin.ts'
import { emojiOf, ownKey, reactorsKey } from '../../src/domain/reaction.ts'

/** One chat, the use cases that change it, and everything that was ever named in it. */
function worldOf(store: StoreHarness) {
  const scene = sceneOf(store)
  const ports = {
    ...store,
    clock: scene.tick,
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    later: () => {},
  }
  const people: UserId[] = []
  const sent: { readonly by: UserId; readonly key: ClientMessageId; readonly id: MessageId }[] = []
  return {
    scene,
    ports,
    people,
    sent,
    reactions: combiner({ ...ports, later: () => {} }),
    unknown: [] as ChatEvent[],
    chatId: store.newId() as ChatId,
    async person() {
      const id = await scene.person()
      people.push(id)
      return id
    },
  }
}
type World = ReturnType<typeof worldOf>
const EMOJI = ['👍', '❤️', '❤', '🎉'] as const
const caller = (userId: UserId) => ({ userId }) as Caller

/** Reads what the store holds of everything that was named, by a decision that changes nothing. */
const fetched = ({ ports, chatId, people, sent }: World): Promise<ChatState> =>
  ports.log.change(
    {
      chat: chatId,
      members: people,
      earlier: sent.map(({ by, key }) => [by, key] as const),
      messages: sent.map(({ id }) => id),
      sums: sent.map(({ id }) => id),
      own: sent.flatMap(({ id }) => people.map((person) => [id, person] as const)),
      reactors: sent.flatMap(({ id }) => EMOJI.map((emoji) => [id, emojiOf(emoji)] as const)),
      pins: [ALL_PINS],
      lastOf: people,
      bans: people,
      mutes: people,
    },
    nothing,
  )

const present = async (world: World): Promise<Member[]> => [...(await fetched(world)).members.values()].filter((member) => member !== null)
const owner = async (world: World): Promise<UserId> => (await present(world)).find(({ role }) => role === 'owner')!.person.id

/** A member who is not the owner, added if there is none. */
async function other(world: World, n: number): Promise<Member> {
  const others = (await present(world)).filter(({ role }) => role !== 'owner')
  if (others.length > 0) return others[n % others.length]!
  await steps['member.added'](world)
  return other(world, n)
}

/** A message that is not deleted and whose sender is a member, sent if there is none. */
async function message(world: World, n: number): Promise<Message> {
  const { messages, members } = await fetched(world)
  const all = [...messages.values()].filter((found) => found && found.deletedAt === undefined && members.get(found.sender.id))
  if (all.length > 0) return all[n % all.length]!
  await steps['message.sent'](world, n)
  return message(world, n)
}

/** Plain for some `n`, else with a bit of everything. */
const contentOf = (people: readonly UserId[], n: number): NewContent =>
  n % 3 === 0
    ? {}
    : {
        format: n % 2 ? 'markdown' : 'text',
        mentions: people.slice(0, 2).map((userId, i) => ({ kind: 'user', userId, start: 2 * i, length: 1 })),
        data: { n, list: [null, { n }] },
      }

type Step = (world: World, n: number) => Promise<void>

/** How a story makes an event of each kind happen; `n` chooses among members, messages and texts. */
const steps = {
  async 'chat.created'(world) {
    const [creator, ...memberIds] = [await world.person(), await world.person(), await world.person()] as const
    world.chatId = (await createGroup(world.ports)(caller(creator), { name: 'Group', memberIds })).view.chat.id
  },
  async 'chat.renamed'(world, n) {
    const { chat } = await fetched(world)
    await renameChat(world.ports)(caller(await owner(world)), { chatId: world.chatId, name: `${chat!.headSeq} ${n}` })
  },
  async 'member.added'(world) {
    await addMembers(world.ports)(caller(await owner(world)), { chatId: world.chatId, userIds: [await world.person()] })
  },
  async 'member.left'(world, n) {
    const { id } = (await other(world, n)).person
    await removeMembers({ ...world.ports, owned() {} })(caller(id), { chatId: world.chatId, userIds: [id] })
  },
  async 'member.removed'(world, n) {
    const { id } = (await other(world, n)).person
    await removeMembers({ ...world.ports, owned() {} })(caller(await owner(world)), { chatId: world.chatId, userIds: [id] })
  },
  async 'member.role_changed'(world, n) {
    const { role, person } = await other(world, n)
    const given = n % 3 === 0 ? 'owner' : role === 'admin' ? 'member' : 'admin'
    await changeRole(world.ports)(caller(await owner(world)), { chatId: world.chatId, userId: person.id, role: given })
  },
  async 'chat.rules_changed'(world, n) {
    const { chat } = await fetched(world)
    const add = chat!.rules.add === 'admin' ? 'member' : 'admin'
    await renameChat(world.ports)(caller(await owner(world)), { chatId: world.chatId, rules: { add, slowS: n % 2 } })
  },
  async 'chat.description_changed'(world, n) {
    await renameChat(world.ports)(caller(await owner(world)), { chatId: world.chatId, description: `${n} ${world.scene.tick()}` })
  },
  async 'chat.avatar_changed'(world) {
    const { chat } = await fetched(world)
    const ownerId = await owner(world)
    const avatar = chat!.avatar ? null : (await uploaded(world.scene, ownerId)).id
    await renameChat(world.ports)(caller(ownerId), { chatId: world.chatId, avatar })
  },
  async 'member.muted'(world, n) {
    const { person, role } = await other(world, n)
    if (role !== 'member')
      await changeRole(world.ports)(caller(await owner(world)), { chatId: world.chatId, userId: person.id, role: 'member' })
    const about = { chatId: world.chatId, userId: person.id }
    await muteMember(world.ports)(caller(await owner(world)), { ...about, until: world.ports.clock() + 3_600_000 * (n + 1) })
    await unmuteMember(world.ports)(caller(await owner(world)), about)
  },
  async 'member.banned'(world, n) {
    const { person } = await other(world, n)
    const until = n % 2 === 0 ? undefined : world.ports.clock() + 3_600_000
    await banUser(world.ports)(caller(await owner(world)), { chatId: world.chatId, userId: person.id, until, reason: `${n}` })
  },
  async 'member.unbanned'(world) {
    const userId = await world.person()
    const about = { chatId: world.chatId, userId }
    await banUser(world.ports)(caller(await owner(world)), about)
    await unbanUser(world.ports)(caller(await owner(world)), about)
  },
  async 'message.sent'(world, n) {
    const all = await present(world)
    const by = all[n % all.length]!.person.id
    const key = `key ${world.sent.length}` as ClientMessageId
    const content = contentOf(
      all.map(({ person }) => person.id),
      n,
    )
    const message = { chatId: world.chatId, clientMessageId: key, text: `text ${n}`, kind: 'told', ...content }
    const { view } = await sendMessage(world.ports)(caller(by), message)
    world.sent.push({ by, key, id: view.message.id })
  },
  async 'message.edited'(world, n) {
    const { id, sender, version } = await message(world, n)
    const content = contentOf([sender.id], n + 1)
    await editMessage(world.ports)(caller(sender.id), { chatId: world.chatId, messageId: id, text: `edited ${version} ${n}`, ...content })
  },
  async 'message.deleted'(world, n) {
    const { id, sender } = await message(world, n)
    await deleteMessage(world.ports)(caller(sender.id), { chatId: world.chatId, messageId: id })
  },
  async 'message.reacted'(world, n) {
    const { id } = await message(world, n)
    const { own } = await fetched(world)
    const emoji = EMOJI[n % EMOJI.length]!
    const all = await present(world)
    const some = n % 3 === 0 ? all : [all[n % all.length]!]
    const react = ({ person }: Member) => {
      const has = own.get(ownKey(id, person.id))?.includes(emojiOf(emoji)) ?? false
      return world.reactions.react(world.chatId, { userId: person.id, messageId: id, emoji, on: !has })
    }
    await Promise.all(some.map(react))
  },
  async 'message.pinned'(world, n) {
    const { id } = await message(world, n)
    const command = { chatId: world.chatId, messageId: id }
    await unpinMessage(world.ports)(caller(await owner(world)), command)
    await pinMessage(world.ports)(caller(await owner(world)), command)
  },
  async 'message.unpinned'(world, n) {
    const { id } = await message(world, n)
    const command = { chatId: world.chatId, messageId: id }
    await pinMessage(world.ports)(caller(await owner(world)), command)
    await unpinMessage(world.ports)(caller(await owner(world)), command)
  },
  async 'author.erased'(world, n) {
    const { person } = await other(world, n)
    const id = n % 2 === 0 ? person.id : await owner(world)
    await world.ports.people.erase(id, world.ports.clock())
    await finishErasure(world.ports, id)
  },
  async 'chat.data_changed'(world, n) {
    await renameChat(world.ports)(caller(await owner(world)), { chatId: world.chatId, data: { n, at: world.scene.tick() } })
  },
  async unknown(world) {
    const { chat } = await fetched(world)
    const { headSeq, headAt } = chat!
    const place = { chatId: world.chatId, seq: headSeq + 1, at: headAt + 1, actorId: await owner(world) }
    const event = { type: 'unknown' as const, kind: 'message.probed', ...place }
    await world.ports.appendUnknown(event)
    world.unknown.push(event)
  },
  async 'chat.deleted'(world) {
    await deleteChat(world.ports)(caller(await owner(world)), world.chatId)
  },
} satisfies Record<ChatEvent['type'], Step>

const kinds = Object.keys(steps) as ChatEvent['type'][]
const between = kinds.filter((kind) => kind !== 'chat.created' && kind !== 'chat.deleted')
const stepOf = (kind: fc.Arbitrary<ChatEvent['type']>) => fc.tuple(kind, fc.nat({ max: 11 }))

/** Every kind at least once, in any order, between the first and the last event that a chat can have. */
export const story = fc
  .tuple(
    fc.array(stepOf(fc.constantFrom(...between)), { maxLength: 12 }),
    fc.tuple(...between.map((kind) => stepOf(fc.constant(kind)))),
    fc.infiniteStream(fc.nat()),
  )
  .map(([more, all, order]) => {
    const middle = [...more, ...all].map((step) => ({ step, at: order.next().value as number })).sort((a, b) => a.at - b.at)
    return [['chat.created', 0], ...middle.map(({ step }) => step), ['chat.deleted', 0]] as [ChatEvent['type'], number][]
  })

const bare = (found: Message | null | undefined) => (found ? { ...found, sender: found.sender.id } : null)

/** What a state says of all names of a story. Names of people change without an event, so that people are compared by id. */
function compared(state: ChatState, { people, sent }: World) {
  const member = (found: Member | null | undefined) => (found ? { ...found, person: found.person.id } : null)
  return {
    chat: state.chat,
    members: people.map((id) => member(state.members.get(id))),
    earlier: sent.map(({ by, key }) => bare(state.earlier.get(`${by} ${key}`))),
    messages: sent.map(({ id }) => bare(state.messages.get(id))),
    sums: sent.map(({ id }) => state.sums.get(id) ?? null),
    own: sent.map(({ id }) => people.map((person) => [...(state.own.get(ownKey(id, person)) ?? [])].sort())),
    reactors: sent.map(({ id }) =>
      EMOJI.map((emoji) => [...(state.reactors.get(reactorsKey(id, emojiOf(emoji))) ?? [])].sort((a, b) => (a.userId < b.userId ? -1 : 1))),
    ),
    pins: state.pins.get(ALL_PINS) ?? null,
    lastOf: people.map((id) => state.lastOf.get(id) ?? null),
    bans: people.map((id) => state.bans.get(id) ?? null),
    mutes: people.map((id) => state.mutes.get(id) ?? null),
  }
}

/** A log is read with texts as they are now, so that the events before a deletion do not tell when a message changed. */
function replayed(state: ChatState, world: World) {
  const timeless = (found: ReturnType<typeof bare>) => found && { ...found, changedSeq: 0 }
  const { earlier, messages, bans, ...others } = compared(state, world)
  return {
    ...others,
    bans: bans.map((ban) => ban && { ...ban, reason: undefined }),
    earlier: earlier.map(timeless),
    messages: messages.map(timeless),
  }
}

const folded = (state: ChatState, events: readonly ChatEvent[]): ChatState => events.reduce((before, event) => evolve(before, event), state)

/** After every step: the state before and the events of the step, and all events from the first one, make the state fetched again. */
export const evolvesAsStored = (open: () => Promise<StoreHarness>) =>
  fc.asyncProperty(story, async (plan) => {
    const world = worldOf(await open())
    const happened = () => [...world.scene.announcedOf(world.chatId), ...world.unknown].sort((a, b) => a.seq - b.seq)
    let before = emptyState()
    for (const [kind, n] of plan) {
      const known = happened().length
      await steps[kind](world, n)
      const after = await fetched(world)
      const events = happened().slice(known)
      expect(events.map(({ type }) => type)).toContain(kind)
      const next = folded(before, events)
      if (next.chat) {
        expect(compared(next, world)).toEqual(compared(after, world))
        expect(replayed(folded(emptyState(), await world.scene.events(world.chatId)), world)).toEqual(replayed(after, world))
      } else {
        // Messages of a deleted chat are deleted later, in ranges; no decision looks at them without a chat.
        const { chat, members } = compared(after, world)
        expect({ chat, members }).toEqual({ chat: null, members: world.people.map(() => null) })
        expect(await world.scene.events(world.chatId)).toEqual([])
      }
      before = after
    }
    expect(new Set(happened().map(({ type }) => type))).toEqual(new Set(kinds))
  })

import fc from 'fast-check'
import { expect } from 'vitest'
import { type ChatClient, type ChatOptions, createChat, memoryPersist, type Person } from '../../src/client/index.ts'
import { type Device, type FakePerson, type FakeServer, fakeServer } from '../../src/testing.ts'

// What one client knows by events beside what another fetches, after stories in which everything happens that can happen in a chat.

/** One deed in a group of which the viewer is the owner; numbers choose among those who can do it, and what it can be done to. */
type Deed = { readonly deed: Name; readonly who: number; readonly whom: number; readonly isSeen: boolean }
type Name =
  | ('send' | 'mine' | 'edit' | 'remove' | 'read' | 'readMine' | 'rename' | 'add' | 'dismiss' | 'leave' | 'role' | 'owner')
  | ('erase' | 'group' | 'write' | 'disband')
const often: readonly Name[] = ['send', 'send', 'send', 'send', 'mine', 'mine', 'edit', 'remove', 'read', 'readMine']

export interface Story {
  readonly seed: number
  readonly deeds: readonly Deed[]
}

const deed: fc.Arbitrary<Deed> = fc.record({
  deed: fc.oneof(
    fc.constantFrom(...often),
    fc.nat(99).map((n) => pick(Object.keys(deeds) as Name[], n)!),
  ),
  who: fc.nat(99),
  whom: fc.nat(99),
  isSeen: fc.boolean(),
})
export const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat(),
  deeds: fc.array(deed, { minLength: 1, maxLength: 14, size: 'max' }),
})

export type Sabotage = (device: Device) => Partial<ChatOptions>

interface World {
  readonly server: FakeServer
  readonly ann: FakePerson
  readonly people: readonly FakePerson[]
  readonly present: Set<FakePerson>
  /** Who is in the group besides the owner. */
  readonly members: Set<FakePerson>
  group: string | undefined
  readonly chats: Set<string>
  count: number
}

const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)]

/** What each deed does; what is not possible now is left out. */
const deeds: { readonly [N in Name]: (world: World, chosen: { who: number; whom: number }) => Promise<unknown> } = {
  async send(world, { who }) {
    const sender = pick([...world.members], who)
    if (world.group && sender) await sender.send(world.group, `text ${world.count}`)
  },
  async mine({ group, ann, count }) {
    if (group) await ann.send(group, `mine ${count}`)
  },
  async edit({ group, server, members, ann, count }, { whom }) {
    const message =
      group &&
      pick(
        server.messages(group).filter(({ deletedAt }) => deletedAt === undefined),
        whom,
      )
    const author = message && [ann, ...members].find(({ id }) => id === message.sender.id)
    if (author) await author.edit(group, message.id, `edited ${count}`)
  },
  async remove({ group, server, ann }, { whom }) {
    const message = group && pick(server.messages(group), whom)
    if (message) await ann.remove(group, message.id)
  },
  async read({ group, members }, { who, whom }) {
    const reader = pick([...members], who)
    if (group && reader) await reader.read(group, whom)
  },
  async readMine({ chats, ann }, { who, whom }) {
    const chat = pick([...chats], who)
    if (chat) await ann.read(chat, whom)
  },
  async rename({ group, ann, count }) {
    if (group) await ann.rename(group, `name ${count}`)
  },
  async add({ group, ann, members, present }, { whom }) {
    const person = pick(
      [...present].filter((one) => !members.has(one)),
      whom,
    )
    if (!group || !person) return
    await ann.add(group, [person.id])
    members.add(person)
  },
  async dismiss({ group, ann, members }, { whom }) {
    const person = pick([...members], whom)
    if (!group || !person) return
    await ann.dismiss(group, person.id)
    members.delete(person)
  },
  async leave({ group, members }, { who }) {
    const person = pick([...members], who)
    if (!group || !person) return
    await person.leave(group)
    members.delete(person)
  },
  async role({ group, ann, members }, { who, whom }) {
    const person = pick([...members], who)
    if (group && person) await ann.changeRole(group, person.id, whom % 2 ? 'admin' : 'member')
  },
  /** Away and back again: what the viewer may do changes. */
  async owner({ group, ann, members }, { who, whom }) {
    const person = pick([...members], who)
    if (!group || !person) return
    await ann.changeRole(group, person.id, 'owner')
    if (whom % 2) await person.changeRole(group, ann.id, 'admin')
    await person.changeRole(group, ann.id, 'owner')
  },
  async erase({ members, present }, { who }) {
    const person = pick([...present], who)
    if (!person || present.size < 3) return
    present.delete(person)
    members.delete(person)
    await person.deleteAccount()
  },
  async group(world, { who }) {
    if (world.group) return
    const first = pick([...world.present], who)
    world.group = await world.ann.group('anew', first ? [first.id] : [])
    if (first) world.members.add(first)
    world.chats.add(world.group)
  },
  async write({ ann, present, chats, count }, { who }) {
    const person = pick([...present], who)
    if (!person) return
    const chat = await person.privateChat(ann.id)
    chats.add(chat)
    await person.send(chat, `hello ${count}`)
  },
  async disband(world, { whom }) {
    if (!world.group || whom % 4) return
    await world.ann.disband(world.group)
    world.chats.delete(world.group)
    world.members.clear()
    world.group = undefined
  },
}

const OFTEN_ENOUGH = 3_000

/** Everything of a client that shows chats, as far as events tell it: when somebody was last seen they do not. */
async function views(client: ChatClient, chats: Iterable<string>) {
  const person = ({ lastSeenAt: _lastSeenAt, ...rest }: Person) => rest
  const { items, unread, hasMore } = client.chats.get()
  const open = [...chats].filter((id) => items.some((item) => item.id === id))
  return {
    unread,
    hasMore,
    items: items.map(({ partner, ...item }) => ({ ...item, partner: partner && person(partner) })),
    chats: await Promise.all(
      open.map(async (id) => {
        const { timeline, members } = client.chat(id)
        const { rows, hasOlder, hasNewer, status } = timeline.get()
        const list = members.get()
        return {
          id,
          rows,
          hasOlder,
          hasNewer,
          status,
          hasMore: list.hasMore,
          members: list.items.map((member) => ({ ...member, person: person(member.person) })),
        }
      }),
    ),
  }
}

/** A client that has fetched everything there is to see. */
async function fetched(server: FakeServer, ann: FakePerson, chats: Iterable<string>, options: Partial<ChatOptions> = {}) {
  const { platform } = server.device()
  const client = createChat({ url: server.url, auth: ann.session(), platform, persist: memoryPersist(), ...options })
  client.start()
  await server.clock.until(() => client.connection.get().status === 'online' && client.chats.get().status === 'ready')
  await look(server, client, chats)
  return client
}

/** Opens what is not open yet. */
async function look({ clock }: FakeServer, client: ChatClient, chats: Iterable<string>): Promise<void> {
  const own = [...chats].filter((id) => client.chats.get().items.some((item) => item.id === id))
  for (const id of own) {
    const chat = client.chat(id)
    if (chat.timeline.get().status === 'idle') chat.open()
    if (chat.members.get().status === 'idle') chat.loadMembers().catch(() => {})
  }
  const isReady = (id: string) => client.chat(id).timeline.get().status === 'ready' && client.chat(id).members.get().status === 'ready'
  await clock.until(() => own.every(isReady))
}

/** For every kind of event and every view: what was fetched before, with the events since, is what is fetched after. */
export const eventsAreEnough = (sabotage: Sabotage = () => ({})) =>
  fc.asyncProperty(story, async ({ seed, deeds: told }) => {
    const server = fakeServer({ seed })
    const ann = server.addPerson('Ann')
    const people = ['Bob', 'Cid', 'Dan', 'Eve'].map((name) => server.addPerson(name))
    const group = await ann.group('Everybody', [people[0]!.id, people[1]!.id])
    const world: World = {
      server,
      ann,
      people,
      group,
      count: 0,
      present: new Set(people),
      members: new Set(people.slice(0, 2)),
      chats: new Set([group, await people[0]!.privateChat(ann.id)]),
    }
    await people[0]!.send(group, 'the first')
    const device = server.device()
    const mine = await fetched(server, ann, world.chats, { platform: device.platform, ...sabotage(device) })

    for (const [i, { deed: name, isSeen, ...chosen }] of told.entries()) {
      world.count++
      await deeds[name](world, chosen)
      await server.clock.advance(7)
      if (!isSeen && i < told.length - 1) continue
      await server.clock.advance(OFTEN_ENOUGH)
      await look(server, mine, world.chats)
      const other = await fetched(server, ann, world.chats)
      expect(await views(mine, world.chats)).toEqual(await views(other, world.chats))
      other.close()
    }
    mine.close()
  })

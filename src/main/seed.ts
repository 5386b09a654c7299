import type { ChatApi, Sent } from '../application/chat-api.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { ClientMessageId, SessionId, UserId } from '../domain/ids.ts'
import { groupName, names, phrases } from './demo-texts.ts'
import { seedDemo } from './seeding/demo.ts'
import { harmless } from './seeding/harmless.ts'
import { type Actor, isReply, type Room, say } from './seeding/lively.ts'
import { patient } from './seeding/patient.ts'

export const DEMO_PASSWORD = 'password123'

export interface SeedNeeds extends Pick<Ports, 'people' | 'passwords' | 'clock' | 'newId'> {
  /** Without limits: much is sent by few. */
  readonly api: ChatApi
}

/** How much there is to be in the end. */
export interface Wanted {
  readonly users?: number | undefined
  readonly chats?: number | undefined
  readonly messages?: number | undefined
}

export interface Seeded {
  readonly users: number
  readonly chats: number
  readonly messages: number
}

export type Progress = (what: 'users' | 'chats' | 'messages' | 'read states', done: number, total: number) => void

const AT_A_TIME = 256

/**
 * Makes people, chats and messages to look at: `user1` … with `password123`. Everything has a name of its own, so that doing it again adds
 * nothing but what was missing, and what people have changed meanwhile stays as it is. Some messages are replies, mention somebody, have
 * reactions, are pinned, formatted, forwarded, or have a picture; users are read up to different messages.
 */
export async function seed(needs: SeedNeeds, wanted: Wanted = {}, progress: Progress = () => {}): Promise<Seeded> {
  const users = await seedUsers(needs, Math.max(names.length, wanted.users ?? 0), progress)
  const api = patient(needs.api)
  const own = await seedDemo(api, users)
  const more = { chats: Math.max(0, (wanted.chats ?? 0) - own.chats), messages: Math.max(0, (wanted.messages ?? 0) - own.messages) }
  const rooms = await seedChats(api, users, more.messages > 0 ? Math.max(1, more.chats) : more.chats, progress)
  await seedMessages(api, rooms, more.messages, progress)
  return { users: users.length, chats: own.chats + rooms.length, messages: own.messages + more.messages }
}

async function seedUsers({ people, passwords, clock, newId }: SeedNeeds, count: number, progress: Progress): Promise<readonly Actor[]> {
  /** One for all: they have the same password anyway, and each hash takes as long as a sign-in. */
  let passwordHash: Promise<string> | undefined
  const actor = (userId: UserId, i: number): Actor => ({ userId, sessionId: newId() as SessionId, name: nameOf(i) })

  return inParallel(count, progress.bind(undefined, 'users'), async (i) => {
    const number = i + 1
    const email = `user${number}@example.com`
    const known = await people.credentials(email)
    if (known) return actor(known.user.id, i)
    passwordHash ??= passwords.hash(DEMO_PASSWORD)
    const user = { id: newId() as UserId, name: nameOf(i), email, passwordHash: await passwordHash, createdAt: clock() }
    for (let username = `user${number}`; ; username = `user${number}-${newId().slice(-4)}`) {
      const outcome = await people.add({ ...user, username })
      if (outcome === 'added') return actor(user.id, i)
      if (outcome === 'email-taken') return actor((await people.credentials(email))!.user.id, i)
    }
  })
}

const nameOf = (i: number) => (i < names.length ? names[i]! : `${names[i % names.length]} ${Math.floor(i / names.length) + 1}`)

/** Every fourth is a group of up to ten; the others are private, of people who are further and further apart. */
function seedChats(api: ChatApi, users: readonly Actor[], count: number, progress: Progress): Promise<readonly Room[]> {
  return inParallel(count, progress.bind(undefined, 'chats'), async (i) => {
    const owner = users[i % users.length]!
    const distance = 2 + Math.floor(i / users.length)
    const other = users[(i + distance) % users.length]!
    if (i % 4 !== 3 && other !== owner) {
      const { view } = await api.openPrivateChat(owner, { userId: other.userId })
      return { chatId: view.chat.id, members: [owner, other] }
    }
    const members = [...new Set(Array.from({ length: 10 }, (_, n) => users[(i + n) % users.length]!))]
    const memberIds = members.map(({ userId }) => userId)
    const { view } = await api.createGroup(owner, { name: `${groupName} ${i + 1}`, memberIds, clientChatId: `demo-${i + 1}` })
    return { chatId: view.chat.id, members }
  })
}

async function seedMessages(api: ChatApi, rooms: readonly Room[], count: number, progress: Progress): Promise<void> {
  /** The last message of each room that has begun: a reply waits for the one before it. */
  const last = new Map<Room, Promise<Sent | undefined>>()
  await inParallel(count, progress.bind(undefined, 'messages'), (i) => {
    const room = rooms[i % rooms.length]!
    const round = Math.floor(i / rooms.length)
    const before = last.get(room)
    const number = i + 1
    const sending = (async () => {
      const replyTo = isReply(number) ? (await before)?.view.message.id : undefined
      const sender = room.members[round % room.members.length]!
      const clientMessageId = `demo-more-${number}` as ClientMessageId
      return say(api, { ...room, number, sender, clientMessageId, replyTo, text: phrases[(round + i) % phrases.length]! })
    })()
    last.set(room, sending)
    return sending
  })
  await seedReads(api, [...last], progress)
}

/** All but one of each room have read it, and that one half of it. */
async function seedReads(api: ChatApi, last: readonly (readonly [Room, Promise<Sent | undefined>])[], progress: Progress): Promise<void> {
  await inParallel(last.length, progress.bind(undefined, 'read states'), async (i) => {
    const [{ chatId, members }, sending] = last[i]!
    const message = (await sending)?.view.message
    if (!message) return
    for (const [k, member] of members.entries()) {
      const isBehind = k === i % members.length && member.userId !== message.sender.id
      await harmless(api.markRead(member, { chatId, seq: isBehind ? Math.ceil(message.seq / 2) : message.seq }))
    }
  })
}

/** Runs work for 0 … count - 1, a bounded number at a time, and answers the results in that order. */
async function inParallel<T>(
  count: number,
  tell: (done: number, total: number) => void,
  work: (i: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  let next = 0
  let done = 0
  const lane = async () => {
    for (let i = next++; i < count; i = next++) {
      results[i] = await work(i)
      tell(++done, count)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count) }, lane))
  return results
}

import type { Caller, ChatApi } from '../application/chat-api.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { ChatId, ClientMessageId, Seq, SessionId, UserId } from '../domain/ids.ts'
import { isRefusal } from '../domain/refusal.ts'
import { dialogues, groupName, groupTalk, names, phrases } from './demo-texts.ts'

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

export type Progress = (what: 'users' | 'chats' | 'messages', done: number, total: number) => void

const AT_A_TIME = 256

/**
 * Makes people, chats and messages to look at: `user1` … with `password123`. Everything has a name of its own, so that doing it again adds
 * nothing but what was missing, and what people have changed meanwhile stays as it is.
 */
export async function seed(needs: SeedNeeds, wanted: Wanted = {}, progress: Progress = () => {}): Promise<Seeded> {
  const users = await seedUsers(needs, Math.max(names.length, wanted.users ?? 0), progress)
  const own = await seedDemo(needs.api, users)
  const more = { chats: Math.max(0, (wanted.chats ?? 0) - own.chats), messages: Math.max(0, (wanted.messages ?? 0) - own.messages) }
  const rooms = await seedChats(needs.api, users, more.messages > 0 ? Math.max(1, more.chats) : more.chats, progress)
  await seedMessages(needs.api, rooms, more.messages, progress)
  return { users: users.length, chats: own.chats + rooms.length, messages: own.messages + more.messages }
}

async function seedUsers({ people, passwords, clock, newId }: SeedNeeds, count: number, progress: Progress): Promise<readonly Caller[]> {
  /** One for all: they have the same password anyway, and each hash takes as long as a sign-in. */
  let passwordHash: Promise<string> | undefined
  const caller = (userId: UserId) => ({ userId, sessionId: newId() as SessionId })

  return inParallel(count, progress.bind(undefined, 'users'), async (i) => {
    const number = i + 1
    const email = `user${number}@example.com`
    const known = await people.credentials(email)
    if (known) return caller(known.user.id)
    passwordHash ??= passwords.hash(DEMO_PASSWORD)
    const user = { id: newId() as UserId, name: nameOf(i), email, passwordHash: await passwordHash, createdAt: clock() }
    for (let username = `user${number}`; ; username = `user${number}-${newId().slice(-4)}`) {
      const outcome = await people.add({ ...user, username })
      if (outcome === 'added') return caller(user.id)
      if (outcome === 'email-taken') return caller((await people.credentials(email))!.user.id)
    }
  })
}

const nameOf = (i: number) => (i < names.length ? names[i]! : `${names[i % names.length]} ${Math.floor(i / names.length) + 1}`)

/** Four private chats of neighbours and one group of the first five, with what they said. */
async function seedDemo(api: ChatApi, users: readonly Caller[]): Promise<{ chats: number; messages: number }> {
  const first = users.slice(0, names.length)
  let messages = 0

  async function say(chatId: ChatId, key: string, lines: readonly (readonly [Caller, string])[]): Promise<void> {
    const readTo = new Map<Caller, Seq>()
    for (const [i, [who, text]] of lines.entries()) {
      const sent = await harmless(api.sendMessage(who, { chatId, clientMessageId: `${key}-${i + 1}` as ClientMessageId, text }))
      if (sent) readTo.set(who, sent.view.message.seq)
    }
    // Who has answered has read what they answer.
    for (const [who, seq] of readTo) await harmless(api.markRead(who, { chatId, seq }))
    messages += lines.length
  }

  for (const [i, dialogue] of dialogues.entries()) {
    const pair = [first[i]!, first[i + 1]!] as const
    const { view } = await api.openPrivateChat(pair[0], { userId: pair[1].userId })
    await say(
      view.chat.id,
      'demo',
      dialogue.map(([who, text]) => [pair[who], text] as const),
    )
  }
  const [owner, ...others] = first as [Caller, ...Caller[]]
  const group = await api.createGroup(owner, { name: groupName, memberIds: others.map(({ userId }) => userId), clientChatId: 'demo' })
  await say(
    group.view.chat.id,
    'demo',
    groupTalk.map(([who, text]) => [first[who]!, text] as const),
  )
  return { chats: dialogues.length + 1, messages }
}

interface Room {
  readonly chatId: ChatId
  readonly members: readonly Caller[]
}

/** Every fourth is a group of up to ten; the others are private, of people who are further and further apart. */
function seedChats(api: ChatApi, users: readonly Caller[], count: number, progress: Progress): Promise<readonly Room[]> {
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
  await inParallel(count, progress.bind(undefined, 'messages'), async (i) => {
    const { chatId, members } = rooms[i % rooms.length]!
    const round = Math.floor(i / rooms.length)
    const clientMessageId = `demo-more-${i + 1}` as ClientMessageId
    await harmless(
      api.sendMessage(members[round % members.length]!, { chatId, clientMessageId, text: phrases[(round + i) % phrases.length]! }),
    )
  })
}

/** What people have changed since stays changed: somebody left a chat, a chat is gone, an earlier version wrote other words. */
async function harmless<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (!['chat-not-found', 'key-reused', 'message-not-found'].some((code) => isRefusal(error) && error.code === code)) throw error
    return undefined
  }
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

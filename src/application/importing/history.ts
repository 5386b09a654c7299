import {
  type ChatId,
  type ClientMessageId,
  type Count,
  type Instant,
  type MessageId,
  type SessionId,
  SYSTEM_ID,
  type UserId,
} from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { isBlank, TEXT_LIMIT } from '../../domain/words.ts'
import { draftOf, posted } from '../messages/posting.ts'
import type { Ports } from '../ports/ports.ts'
import { provisionChats } from '../service/provision-chats.ts'
import { provisionUsers } from '../service/provision-users.ts'
import { type HistoryLine, historyLine } from './lines.ts'

/** What an import has found. */
export interface Imported {
  readonly users: Count
  readonly chats: Count
  readonly messages: Count
  /** Messages that an earlier run has imported already. */
  readonly repeated: Count
  /** Messages without a text. */
  readonly skipped: Count
}

export interface ImportOptions {
  /** Hears now and then how far it is. */
  readonly onProgress?: (soFar: Imported) => void
}

export type ImportHistory = (lines: AsyncIterable<string> | Iterable<string>, options?: ImportOptions) => Promise<Imported>

type Needs = Pick<Ports, 'log' | 'chats' | 'people' | 'receipts' | 'clock' | 'newId' | 'random' | 'digest' | 'asciiDomain' | 'groupLimit'>

const USERS_AT_ONCE = 100
/** Messages under way. */
const WINDOW = 64
/** Messages that later ones may reply to. */
const REMEMBERED = 100_000
const TOLD_EVERY = 1_000

const SYSTEM = { userId: SYSTEM_ID, sessionId: SYSTEM_ID as string as SessionId } as const

interface ChatHere {
  readonly id: ChatId
  readonly name: string
  readonly owner: string
  readonly members: Set<string>
  lastAt: Instant
}

type UserLine = Extract<HistoryLine, { readonly user: string }>
type ChatLine = Extract<HistoryLine, { readonly owner: string }>
type MessageLine = Extract<HistoryLine, { readonly message: string }>

/**
 * Adds users, groups and messages of another system, with their times and authors. Each message has an idempotency key made of its id there:
 * run again with the same lines, it goes on where it was interrupted. Members have read everything afterwards. Throws with the number of a
 * line that cannot be used; what stands before it is kept.
 */
export function importHistory(needs: Needs): ImportHistory {
  return async (lines, { onProgress } = {}) => {
    const run = importing(needs)
    let n = 0
    for await (const line of lines) {
      n++
      if (line.trim() === '') continue
      try {
        await run.take(historyLine(line))
      } catch (error) {
        await run.end().catch(() => undefined)
        const code = error instanceof Refusal ? `is refused: ${error.code}` : (error as Error).message
        throw new Error(`line ${n} ${code}`, { cause: error })
      }
      if (n % TOLD_EVERY === 0) onProgress?.(run.soFar())
    }
    await run.end()
    return run.soFar()
  }
}

/** What is known of the lines that have been read. */
interface Reading {
  readonly counts: { users: Count; chats: Count; messages: Count; repeated: Count; skipped: Count }
  readonly users: Map<string, UserId>
  readonly chats: Map<string, ChatHere>
  readonly sent: Map<string, Promise<MessageId>>
  waiting: UserLine[]
  underWay: Promise<unknown>[]
}

function importing(needs: Needs) {
  const reading: Reading = {
    counts: { users: 0, chats: 0, messages: 0, repeated: 0, skipped: 0 },
    users: new Map(),
    chats: new Map(),
    sent: new Map(),
    waiting: [],
    underWay: [],
  }
  return {
    async take(line: HistoryLine): Promise<void> {
      if ('user' in line) {
        reading.waiting.push(line)
        if (reading.waiting.length >= USERS_AT_ONCE) await addUsers(needs, reading)
        return
      }
      // Whoever is banned until then would come in, and everything after it would be as late.
      if (line.at > needs.clock()) throw new Error('is later than now')
      await addUsers(needs, reading)
      if ('message' in line) return send(needs, reading, line)
      await settle(reading)
      await arrange(needs, reading, line)
    },
    async end(): Promise<void> {
      await addUsers(needs, reading)
      await settle(reading)
      await markRead(needs, reading)
    },
    soFar: (): Imported => ({ ...reading.counts }),
  }
}

async function settle(reading: Reading): Promise<void> {
  const all = reading.underWay
  reading.underWay = []
  await Promise.all(all)
}

async function addUsers(needs: Needs, { waiting, users, counts }: Reading): Promise<void> {
  const some = waiting.splice(0)
  if (some.length === 0) return
  const wanted = some.map(({ user, avatar_url, ...profile }) => ({ externalId: user, avatarUrl: avatar_url, ...profile }))
  for (const { externalId, user } of await provisionUsers(needs)(SYSTEM, { users: wanted })) users.set(externalId, user.id)
  counts.users += some.length
}

async function arrange(needs: Needs, { chats, counts }: Reading, { chat, name, owner, members, at }: ChatLine): Promise<void> {
  const given = { externalId: chat, name, owner, members }
  const [done] = await provisionChats({ ...needs, clock: () => at })(SYSTEM, { chats: [given] })
  const { id } = done!.view.chat
  const before = chats.get(chat)
  chats.set(chat, { id, name, owner, members: new Set([...(before?.members ?? []), owner, ...members]), lastAt: before?.lastAt ?? at })
  if (!before) counts.chats++
}

async function authorOf({ people }: Needs, { users }: Reading, externalId: string): Promise<UserId> {
  const known = users.get(externalId) ?? (await people.external([externalId])).get(externalId)?.id
  if (known === undefined) throw new Error(`is by ${JSON.stringify(externalId)}, a user that no line before it has`)
  users.set(externalId, known)
  return known
}

async function send(needs: Needs, reading: Reading, line: MessageLine): Promise<void> {
  const { chats, sent, underWay, counts } = reading
  const chat = chats.get(line.chat)
  if (!chat) throw new Error(`is in ${JSON.stringify(line.chat)}, a chat that no line before it has`)
  if (line.at < chat.lastAt) throw new Error('is earlier than one before it in the same chat')
  chat.lastAt = line.at
  const userId = await authorOf(needs, reading, line.author)
  if (!chat.members.has(line.author)) {
    await settle(reading)
    await arrange(needs, reading, { ...chat, chat: line.chat, members: [line.author], at: line.at })
    return send(needs, reading, line)
  }
  if (isBlank(line.text)) return void counts.skipped++
  const replyTo = line.reply_to === undefined ? undefined : await sent.get(line.reply_to)
  for (const [i, text] of pieces(line.text).entries()) {
    const name = i === 0 ? line.message : `${line.message}#${i + 1}`
    const one = post(needs, counts, { chatId: chat.id, userId, name, text, at: line.at, replyTo: i === 0 ? replyTo : undefined })
    if (i === 0) sent.set(line.message, one)
    // It is waited for by `settle`, and an error is told there.
    one.catch(() => undefined)
    underWay.push(one)
  }
  if (sent.size > REMEMBERED) sent.delete(sent.keys().next().value!)
  if (underWay.length >= WINDOW) await settle(reading)
}

interface Posting {
  readonly chatId: ChatId
  readonly userId: UserId
  readonly name: string
  readonly text: string
  readonly at: Instant
  readonly replyTo: MessageId | undefined
}

async function post(needs: Needs, counts: Reading['counts'], { chatId, userId, name, text, at, replyTo }: Posting): Promise<MessageId> {
  const clientMessageId = `history:${needs.digest(name)}` as ClientMessageId
  const caller = { userId, sessionId: userId as string as SessionId }
  const message = { chatId, clientMessageId, text, ...(replyTo && { replyTo }) }
  const draft = draftOf({ ...needs, clock: () => at }, caller, message)
  const { view, replayed } = await posted(needs, chatId, draft)
  counts[replayed ? 'repeated' : 'messages']++
  return view.message.id
}

/** Nobody has thousands of unread messages of another year. */
async function markRead(needs: Needs, reading: Reading): Promise<void> {
  const heads = await needs.chats.heads([...reading.chats.values()].map(({ id }) => id))
  for (const { id, members, lastAt } of reading.chats.values()) {
    const to = heads.get(id) ?? 0
    const mark = async (name: string) =>
      needs.receipts.advance({ chatId: id, userId: await authorOf(needs, reading, name), to, at: lastAt })
    for (const some of slices([...members])) await Promise.all(some.map(mark))
  }
}

/** Texts of at most the length that a message may have. */
function pieces(text: string): readonly string[] {
  const points = Array.from(text)
  if (points.length <= TEXT_LIMIT) return [text]
  const parts: string[] = []
  for (let i = 0; i < points.length; i += TEXT_LIMIT) parts.push(points.slice(i, i + TEXT_LIMIT).join(''))
  return parts.filter((part) => !isBlank(part))
}

function* slices<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let i = 0; i < all.length; i += WINDOW) yield all.slice(i, i + WINDOW)
}

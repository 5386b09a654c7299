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

function importing(needs: Needs) {
  const counts = { users: 0, chats: 0, messages: 0, repeated: 0, skipped: 0 }
  const users = new Map<string, UserId>()
  const chats = new Map<string, ChatHere>()
  const sent = new Map<string, Promise<MessageId>>()
  let waiting: UserLine[] = []
  let underWay: Promise<unknown>[] = []

  async function settle(): Promise<void> {
    const all = underWay
    underWay = []
    await Promise.all(all)
  }

  async function addUsers(): Promise<void> {
    const some = waiting.splice(0)
    if (some.length === 0) return
    const wanted = some.map(({ user, name, username, email, avatar_url }) => ({
      externalId: user,
      name,
      username,
      email,
      avatarUrl: avatar_url,
    }))
    for (const { externalId, user } of await provisionUsers(needs)(SYSTEM, { users: wanted })) users.set(externalId, user.id)
    counts.users += some.length
  }

  async function arrange({ chat, name, owner, members, at }: ChatLine): Promise<void> {
    const given = { externalId: chat, name, owner, members }
    const [done] = await provisionChats({ ...needs, clock: () => at })(SYSTEM, { chats: [given] })
    const { id } = done!.view.chat
    const before = chats.get(chat)
    chats.set(chat, { id, name, owner, members: new Set([...(before?.members ?? []), owner, ...members]), lastAt: before?.lastAt ?? at })
    if (!before) counts.chats++
  }

  async function authorOf(externalId: string): Promise<UserId> {
    const known = users.get(externalId) ?? (await needs.people.external([externalId])).get(externalId)?.id
    if (known === undefined) throw new Error(`is by ${JSON.stringify(externalId)}, a user that no line before it has`)
    users.set(externalId, known)
    return known
  }

  async function send(line: MessageLine): Promise<void> {
    const chat = chats.get(line.chat)
    if (!chat) throw new Error(`is in ${JSON.stringify(line.chat)}, a chat that no line before it has`)
    if (line.at < chat.lastAt) throw new Error('is earlier than one before it in the same chat')
    chat.lastAt = line.at
    const userId = await authorOf(line.author)
    if (!chat.members.has(line.author)) {
      await settle()
      await arrange({ ...chat, chat: line.chat, members: [line.author], at: line.at })
    }
    if (isBlank(line.text)) return void counts.skipped++
    const replyTo = line.reply_to === undefined ? undefined : await sent.get(line.reply_to)
    for (const [i, text] of pieces(line.text).entries()) {
      const name = i === 0 ? line.message : `${line.message}#${i + 1}`
      const one = post({ chat, userId, name, text, at: line.at, replyTo: i === 0 ? replyTo : undefined })
      if (i === 0) remember(line.message, one)
      // It is waited for below, and an error is told there.
      one.catch(() => undefined)
      underWay.push(one)
    }
    if (underWay.length >= WINDOW) await settle()
  }

  function remember(name: string, id: Promise<MessageId>): void {
    sent.set(name, id)
    if (sent.size > REMEMBERED) sent.delete(sent.keys().next().value!)
  }

  interface Posting {
    readonly chat: ChatHere
    readonly userId: UserId
    readonly name: string
    readonly text: string
    readonly at: Instant
    readonly replyTo: MessageId | undefined
  }
  async function post({ chat, userId, name, text, at, replyTo }: Posting): Promise<MessageId> {
    const clientMessageId = `history:${needs.digest(name)}` as ClientMessageId
    const message = { chatId: chat.id, clientMessageId, text, ...(replyTo && { replyTo }) }
    const caller = { userId, sessionId: userId as string as SessionId }
    const draft = await draftOf({ ...needs, clock: () => at }, caller, message)
    const { view, replayed } = await posted(needs, chat.id, draft)
    counts[replayed ? 'repeated' : 'messages']++
    return view.message.id
  }

  /** Nobody has thousands of unread messages of another year. */
  async function markRead(): Promise<void> {
    const heads = await needs.chats.heads([...chats.values()].map(({ id }) => id))
    for (const { id, members, lastAt } of chats.values()) {
      const to = heads.get(id) ?? 0
      for (const some of slices([...members]))
        await Promise.all(some.map(async (name) => needs.receipts.advance({ chatId: id, userId: await authorOf(name), to, at: lastAt })))
    }
  }

  return {
    async take(line: HistoryLine): Promise<void> {
      if ('user' in line) {
        waiting = [...waiting, line]
        if (waiting.length >= USERS_AT_ONCE) await addUsers()
        return
      }
      await addUsers()
      if ('message' in line) return send(line)
      await settle()
      await arrange(line)
    },
    async end(): Promise<void> {
      await addUsers()
      await settle()
      await markRead()
    },
    soFar: (): Imported => ({ ...counts }),
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

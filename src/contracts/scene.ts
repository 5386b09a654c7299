import type { Page } from '../application/ports/lists.ts'
import type { Marked } from '../application/ports/receipts.ts'
import { widely } from '../application/widely.ts'
import { alter } from '../domain/altering.ts'
import type { CheckedContent } from '../domain/content.ts'
import type { Scope } from '../domain/decision.ts'
import type { ChatEvent } from '../domain/event.ts'
import { add, disband, dismiss, erase, giveRole, type Opened, open } from '../domain/group.ts'
import {
  type ChatId,
  type ClientMessageId,
  creationKey,
  type Instant,
  type MessageId,
  pairKey,
  type Seq,
  type UserId,
} from '../domain/ids.ts'
import type { Role } from '../domain/member.ts'
import type { Data, Mention, Message } from '../domain/message.ts'
import { type Draft, type Edit, edit, post, remove } from '../domain/posting.ts'
import type { StoreHarness } from './store-harness.ts'

export interface Sending {
  readonly id?: MessageId
  readonly key?: string
  readonly replyTo?: MessageId
  readonly at?: Instant
  /** What the message has beside its text. */
  readonly content?: Partial<CheckedContent>
  readonly source?: Message
}

const consentsOf = (userIds: readonly UserId[], ofId: UserId) => userIds.map((id) => [id, ofId] as const)

export type Scene = ReturnType<typeof sceneOf>

/** Fresh people and chats on a store that others use too, and what they do, in the words of the domain. */
export function sceneOf(store: StoreHarness) {
  const { log, people, receipts, newId } = store
  let now: Instant = Date.UTC(2030, 0, 1)
  const earlier = store.announced.length
  /** A later moment each time. */
  const tick = (): Instant => (now += 60_000)

  async function person(given: { name?: string; username?: string; email?: string; passwordHash?: string } = {}): Promise<UserId> {
    const id = newId() as UserId
    const user = { id, name: 'Ann', username: freshName(), email: undefined, passwordHash: undefined, createdAt: tick(), ...given }
    const outcome = await people.add(user)
    if (outcome !== 'added') throw new Error(outcome)
    return id
  }
  const persons = async (count: number): Promise<UserId[]> => {
    const ids: UserId[] = []
    while (ids.length < count) ids.push(await person())
    return ids
  }
  /** A username that nobody has. */
  const freshName = () => `u${newId().replaceAll('-', '').slice(-24)}`

  const openPair = (creatorId: UserId, otherId: UserId): Promise<Opened> => {
    const key = pairKey(creatorId, otherId)
    const opening = { id: newId() as ChatId, key, kind: 'private' as const, name: undefined, creatorId, otherIds: [otherId], at: tick() }
    return log.change(
      { chat: key, members: [creatorId, otherId], people: [creatorId, otherId], consents: [[otherId, creatorId]] },
      (state) => open(state, opening),
    )
  }
  const openGroup = (
    creatorId: UserId,
    otherIds: readonly UserId[],
    given: { name?: string; clientChatId?: string } = {},
  ): Promise<Opened> => {
    const id = newId() as ChatId
    const key = given.clientChatId === undefined ? undefined : creationKey(creatorId, given.clientChatId)
    const opening = { id, key, kind: 'group' as const, name: given.name ?? 'Group', creatorId, otherIds, at: tick() }
    return log.change(
      { chat: key ?? id, members: [creatorId], people: [creatorId, ...otherIds], consents: consentsOf(otherIds, creatorId) },
      (state) => open(state, opening),
    )
  }

  /** As an id is made at this time: UUIDv7. */
  function idAt<Id extends string>(at: Instant): Id {
    const hex = at.toString(16).padStart(12, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}` as Id
  }

  const draftOf = (senderId: UserId, text: string, { id, key, replyTo, at, content, source }: Sending = {}): Draft => ({
    ...content,
    source,
    id: id ?? (newId() as MessageId),
    senderId,
    clientMessageId: (key ?? newId()) as ClientMessageId,
    text,
    bodyHash: digest(`${text} ${replyTo ?? ''}`),
    replyTo,
    at: at ?? tick(),
  })
  const scopeOf = (chat: ChatId, { senderId, clientMessageId, replyTo, mentions = [] }: Draft): Scope => ({
    chat,
    members: [senderId, ...namedIn(mentions)],
    earlier: [[senderId, clientMessageId]],
    messages: replyTo ? [replyTo] : [],
  })
  const submit = (chat: ChatId, draft: Draft) => widely({ log }, scopeOf(chat, draft), (state) => post(state, draft))

  return {
    ...store,
    tick,
    idAt,
    person,
    persons,
    freshName,
    openPair,
    openGroup,
    pair: async (one: UserId, other: UserId): Promise<ChatId> => (await openPair(one, other)).chatId,
    group: async (owner: UserId, ...others: UserId[]): Promise<ChatId> => (await openGroup(owner, others)).chatId,
    draftOf,
    scopeOf,
    submit,
    send: async (chat: ChatId, senderId: UserId, text = 'hello', sending: Sending = {}): Promise<Message> =>
      (await submit(chat, draftOf(senderId, text, sending))).message,
    edit: (chat: ChatId, editorId: UserId, messageId: MessageId, change: string | Partial<Edit>): Promise<Message> => {
      const command = { ...(typeof change === 'string' ? { text: change } : change), editorId, messageId, at: tick() }
      const members = [editorId, ...namedIn(command.mentions ?? [])]
      return log.change({ chat, members, messages: [messageId] }, (state) => edit(state, command))
    },
    remove: (chat: ChatId, deleterId: UserId, messageId: MessageId): Promise<Message> => {
      const command = { deleterId, messageId, at: tick() }
      return log.change({ chat, members: [deleterId], messages: [messageId] }, (state) => remove(state, command))
    },
    add: async (chat: ChatId, adderId: UserId, ...userIds: UserId[]): Promise<readonly UserId[]> => {
      const command = { adderId, userIds, at: tick() }
      const scope = {
        chat,
        members: [adderId, ...userIds],
        people: userIds,
        bans: userIds,
        mutes: userIds,
        outsiders: userIds,
        consents: consentsOf(userIds, adderId),
      }
      return (await log.change(scope, (state) => add(state, command))).added
    },
    dismiss: (chat: ChatId, removerId: UserId, ...userIds: UserId[]): Promise<readonly UserId[]> => {
      const command = { removerId, userIds, at: tick() }
      return log.change({ chat, members: [removerId, ...userIds] }, (state) => dismiss(state, command))
    },
    giveRole: (chat: ChatId, giverId: UserId, userId: UserId, role: Role) => {
      const command = { giverId, userId, role, at: tick() }
      return log.change({ chat, members: [giverId, userId] }, (state) => giveRole(state, command))
    },
    rename: (chat: ChatId, renamerId: UserId, name: string) => {
      const command = { editorId: renamerId, name, at: tick() }
      return log.change({ chat, members: [renamerId] }, (state) => alter(state, command))
    },
    describe: (chat: ChatId, editorId: UserId, data: Data) => {
      const command = { editorId, data, at: tick() }
      return log.change({ chat, members: [editorId] }, (state) => alter(state, command))
    },
    disband: (chat: ChatId, ownerId: UserId) => {
      const command = { ownerId, at: tick() }
      return log.change({ chat, members: [ownerId] }, (state) => disband(state, command))
    },
    /** Takes the texts of somebody out of one chat, as deleting a person does for each. */
    eraseFrom: (chat: ChatId, userId: UserId, heirId?: UserId, after: Seq = 0) => {
      const command = { userId, heirId, after, at: tick() }
      const members = heirId ? [userId, heirId] : [userId]
      return log.change({ chat, members, erasures: [[userId, after]] }, (state) => erase(state, command))
    },
    /** Reads up to there; fails for who is no member. */
    read: async (chatId: ChatId, userId: UserId, to: Seq, at: Instant = tick()): Promise<Marked> => {
      const marked = await receipts.advance({ chatId, userId, to, at })
      if (!marked) throw new Error('no member')
      return marked
    },
    /** The whole log, page by page. */
    events: async (chatId: ChatId, limit = 100): Promise<ChatEvent[]> => {
      const events: ChatEvent[] = []
      for (;;) {
        const page = await log.read(chatId, events.at(-1)?.seq ?? 0, limit)
        events.push(...page)
        if (page.length < limit) return events
      }
    },
    announcedOf: (chatId: ChatId): ChatEvent[] =>
      store.announced
        .slice(earlier)
        .flat()
        .filter((event) => event.chatId === chatId),
  }
}

/** Users whom mentions name. */
const namedIn = (mentions: readonly Mention[]): UserId[] => mentions.flatMap((one) => (one.kind === 'user' ? [one.userId] : []))

/** FNV-1a: enough to tell the texts of a test apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Everything that a list gives when it is followed to its end. */
export async function allPages<T, P>(page: (from?: P) => Promise<Page<T, P> | undefined>): Promise<T[]> {
  const items: T[] = []
  let from: P | undefined
  do {
    const { items: more, next } = (await page(from))!
    items.push(...more)
    from = next
  } while (from !== undefined)
  return items
}

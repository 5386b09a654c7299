import { describe, expect, it } from 'vitest'
import { decodeCursor } from '../../../src/adapters/wire/cursor.ts'
import { serverFrames } from '../../../src/adapters/wire/frames.ts'
import { limits } from '../../../src/adapters/wire/limits.ts'
import { presentChat, presentMyChat } from '../../../src/adapters/wire/present/chats.ts'
import { ownedJson, ownerOf, presentEvent } from '../../../src/adapters/wire/present/events.ts'
import { presentDelivery, presentHello, presentResumed } from '../../../src/adapters/wire/present/frames.ts'
import { type Audience, presentMessage } from '../../../src/adapters/wire/present/messages.ts'
import { presentEvents, presentMessages, presentPage } from '../../../src/adapters/wire/present/pages.ts'
import { presentMe, presentSession, presentSignedIn, presentUser } from '../../../src/adapters/wire/present/people.ts'
import { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import { Event } from '../../../src/adapters/wire/schemas/events.ts'
import { Session } from '../../../src/adapters/wire/schemas/identity.ts'
import { Message } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { ChatView, MessageView } from '../../../src/application/ports/views.ts'
import type { ChatEvent, EventOf, EventType } from '../../../src/domain/event.ts'
import { unnamed } from '../../../src/domain/identity.ts'
import type { ChatId, ClientMessageId, MessageId, SessionId, UserId } from '../../../src/domain/ids.ts'
import { asEvent } from '../../../src/domain/kinds/kinds.ts'
import { type Message as DomainMessage, PLAIN } from '../../../src/domain/message.ts'
import { NO_REACTIONS } from '../../../src/domain/reaction.ts'
import { RULES } from '../../../src/domain/rules.ts'

const uuid = (n: number) => `0190a6f0-0000-7000-8000-${String(n).padStart(12, '0')}`
const ann = uuid(1) as UserId
const bob = uuid(2) as UserId
const chatId = uuid(3) as ChatId
const at = Date.UTC(2026, 0, 31, 9, 30, 12, 345)
const person = { ...unnamed(ann), username: 'ann', name: 'Анна', lastSeenAt: at }
const erased = unnamed(ann)
const private_ = { externalId: undefined, emailPending: undefined, isAdmin: false, disabledAt: undefined, createdAt: at }

const message: DomainMessage = {
  id: uuid(4) as MessageId,
  chatId,
  seq: 7,
  n: 5,
  sender: person,
  clientMessageId: 'k1' as ClientMessageId,
  bodyHash: 'h',
  text: 'Чай?',
  content: PLAIN,
  kind: undefined,
  replyTo: undefined,
  version: 1,
  at,
  editedAt: undefined,
  deletedAt: undefined,
  changedSeq: 7,
}
const view = (seq: number): MessageView => ({ message: { ...message, seq }, isRead: false, reactions: NO_REACTIONS })

describe('a person', () => {
  it('was last seen to the minute', () => {
    expect(presentUser(person)).toEqual({
      id: ann,
      username: 'ann',
      name: 'Анна',
      kind: 'person',
      avatar_url: null,
      avatar: null,
      last_seen_at: '2026-01-31T09:30:00.000Z',
    })
    expect(presentUser(erased)).toEqual({
      id: ann,
      username: null,
      name: null,
      kind: 'person',
      avatar_url: null,
      avatar: null,
      last_seen_at: null,
    })
  })

  it('has a picture elsewhere, or a file', () => {
    expect(presentUser({ ...person, avatarUrl: 'https://a.example/1' })).toMatchObject({ avatar_url: 'https://a.example/1', avatar: null })
    expect(presentUser({ ...person, avatarUrl: `file:${ann}` })).toMatchObject({ avatar_url: null, avatar: ann })
  })

  it('sees more of oneself', () => {
    expect(presentMe({ ...person, ...private_, email: undefined })).toEqual({
      ...presentUser(person),
      email: null,
      email_verified: false,
      is_admin: false,
      external_id: null,
      created_at: '2026-01-31T09:30:12.345Z',
    })
  })

  it('signs in for so many seconds', () => {
    const signedIn = {
      user: { ...person, ...private_, email: 'ann@example.com' },
      sessionId: uuid(9) as SessionId,
      accessToken: 'a',
      expiresIn: 900_000,
      refreshToken: 'r',
      refreshExpiresIn: 2_591_999_999,
    }
    const session = presentSignedIn(signedIn)
    expect(Session.strict().parse(session)).toEqual(session)
    expect(session).toMatchObject({ token_type: 'bearer', expires_in: 900, refresh_expires_in: 2_591_999 })
  })

  it('knows which of the devices asks', () => {
    const session = {
      id: uuid(9) as SessionId,
      userId: ann,
      deviceName: undefined,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: at,
      endedAt: undefined,
      generation: 3,
      spentAt: [],
    }
    expect(presentSession(session, { userId: ann, sessionId: session.id })).toEqual({
      id: session.id,
      device_name: null,
      created_at: '2026-01-31T09:30:12.345Z',
      last_used_at: '2026-01-31T09:30:12.345Z',
      current: true,
    })
  })
})

describe('a message', () => {
  it('has every member, and the key for its sender alone', () => {
    const own = presentMessage({ message, isRead: true, reactions: NO_REACTIONS }, ann)
    expect(Message.strict().parse(own)).toEqual(own)
    expect(own).toMatchObject({ client_message_id: 'k1', text: 'Чай?', reply_to: null, edited_at: null, read: true })
    expect(own.sender).toEqual({ id: ann, username: 'ann', name: 'Анна' })
    for (const viewer of [bob, 'others'] as const)
      expect(presentMessage({ message, isRead: true, reactions: NO_REACTIONS }, viewer)).toEqual({ ...own, client_message_id: null })
  })

  it('that was deleted, or whose author was erased, has no text', () => {
    const gone = { ...message, text: 'left behind', deletedAt: at, sender: erased }
    expect(presentMessage({ message: gone, isRead: false, reactions: NO_REACTIONS }, bob)).toMatchObject({
      text: null,
      deleted_at: '2026-01-31T09:30:12.345Z',
      sender: { id: ann, username: null, name: null },
    })
  })
})

const me = {
  role: 'member',
  joinedAt: at,
  readSeq: 1,
  pinnedAt: at,
  isArchived: true,
  isHidden: false,
  isMarkedUnread: true,
  mutedUntil: at,
} as const

describe('a chat', () => {
  it('has every member', () => {
    const chat: ChatView = {
      chat: {
        id: chatId,
        kind: 'private',
        name: undefined,
        createdAt: at,
        headSeq: 7,
        memberSeq: 1,
        memberCount: 2,
        data: { a: 1 },
        description: undefined,
        avatar: undefined,
        rules: RULES,
      },
      partner: person,
      me,
      unread: 5,
      unreadMentions: 2,
      readByOthers: undefined,
      lastMessage: view(7),
    }
    const presented = presentChat(chat, bob)
    expect(Chat.strict().parse(presented)).toEqual(presented)
    expect(presented).toMatchObject({
      name: null,
      unread_mentions: 2,
      data: { a: 1 },
      read_by_others_seq: null,
      partner: { id: ann },
      last_message: { client_message_id: null },
    })
  })
})

const common = { chatId, actorId: ann, seq: 8, at }
const samples: { readonly [T in Exclude<EventType, 'chat.deleted'>]: EventOf<T> } = {
  'chat.created': {
    ...common,
    type: 'chat.created',
    kind: 'private',
    name: undefined,
    key: undefined,
    members: [{ person, role: 'member' }],
  },
  'chat.renamed': { ...common, type: 'chat.renamed', name: 'Tea' },
  'chat.data_changed': { ...common, type: 'chat.data_changed', data: { a: [1] } },
  'member.added': { ...common, type: 'member.added', person, role: 'admin' },
  'member.left': { ...common, type: 'member.left', userId: ann },
  'member.removed': { ...common, type: 'member.removed', userId: ann },
  'chat.rules_changed': { ...common, type: 'chat.rules_changed', rules: { ...RULES, slowS: 30 } },
  'chat.avatar_changed': { ...common, type: 'chat.avatar_changed', avatar: undefined },
  'chat.description_changed': { ...common, type: 'chat.description_changed', description: undefined },
  'member.muted': { ...common, type: 'member.muted', userId: bob, until: at },
  'member.banned': { ...common, type: 'member.banned', userId: bob, until: undefined, reason: 'for the staff' },
  'member.unbanned': { ...common, type: 'member.unbanned', userId: bob },
  'member.role_changed': { ...common, type: 'member.role_changed', userId: bob, role: 'owner' },
  'message.sent': { ...common, type: 'message.sent', message },
  'message.edited': {
    ...common,
    type: 'message.edited',
    messageId: message.id,
    messageSeq: 7,
    text: undefined,
    content: PLAIN,
    version: 2,
    editedAt: at,
  },
  'message.deleted': { ...common, type: 'message.deleted', messageId: message.id, messageSeq: 7, deletedAt: at },
  'message.reacted': {
    ...common,
    type: 'message.reacted',
    messageId: message.id,
    messageSeq: 7,
    changes: [{ emoji: '👍', on: true, userIds: [ann] }],
    reactions: [{ emoji: '👍', count: 1, userIds: [ann] }],
    reactionsSeq: 8,
  },
  'message.pinned': { ...common, type: 'message.pinned', messageId: message.id, messageSeq: 7 },
  'message.unpinned': { ...common, type: 'message.unpinned', messageId: message.id, messageSeq: 7 },
  'author.erased': { ...common, type: 'author.erased', userId: ann },
}
const events: readonly ChatEvent[] = Object.values(samples)

describe('an event', () => {
  it.each(events)('has the members of $type and no others', (event) => {
    const presented = presentEvent(event, 'others')
    const shape = Event.options.find((option) => option.shape.type.value === event.type)!
    expect(shape.strict().parse(presented)).toEqual(presented)
    expect(presented).toMatchObject({ chat_id: chatId, seq: 8, at: '2026-01-31T09:30:12.345Z', actor_id: ann, type: event.type })
  })

  it.each(events)('has its owner’s form in that of all others ($type)', (event) => {
    const jsonFor = (audience: Audience) => JSON.stringify(presentEvent(event, audience))
    expect(ownedJson(jsonFor('others'), event)).toBe(jsonFor(ann))
  })

  it.each(['"client_message_id":null', '\\"client_message_id":null', '\\', '$&', 'null'])('has it whatever people write: %s', (text) => {
    const said = { ...message, sender: { ...person, name: text }, clientMessageId: text as ClientMessageId, text }
    const event = { ...common, type: 'message.sent', message: said } as unknown as ChatEvent
    const jsonFor = (audience: Audience) => JSON.stringify(presentDelivery({ type: 'event', event }, audience))
    expect(ownedJson(jsonFor('others'), event)).toBe(jsonFor(ann))
  })

  it.each(events)('has two forms at most: that of its owner, and that of all others ($type)', (event) => {
    expect(presentEvent(event, bob)).toEqual(presentEvent(event, 'others'))
    expect(ownerOf(event)).toBe(event.type === 'message.sent' ? ann : undefined)
    const differs = JSON.stringify(presentEvent(event, ann)) !== JSON.stringify(presentEvent(event, 'others'))
    expect(differs).toBe(ownerOf(event) === ann)
  })

  it('shows the key to the sender', () => {
    const sent = samples['message.sent']
    expect(presentEvent(sent, ann)).toMatchObject({ message: { client_message_id: 'k1' } })
    expect(presentEvent(sent, 'others')).toMatchObject({ message: { client_message_id: null } })
  })

  it.each(['message.probe', 'constructor', '__proto__'])('of an unknown kind has the common members alone (%s)', (type) => {
    const unknown = asEvent({ ...common, type, secret: 'of another version' } as Parameters<typeof asEvent>[0])
    const presented = { chat_id: chatId, seq: 8, at: '2026-01-31T09:30:12.345Z', actor_id: ann, type }
    expect(ownerOf(unknown)).toBeUndefined()
    expect(presentEvent(unknown, ann)).toEqual(presented)
    expect(presentDelivery({ type: 'event', event: unknown }, 'others')).toEqual({ type: 'event', event: presented })
    expect(presentEvents({ events: [unknown], head: 8 }, { chatId, query: { limit: 50, count: false } }, ann).items).toEqual([presented])
  })

  it('of a deleted chat is never shown', () => {
    expect(() => presentEvent({ ...common, type: 'chat.deleted' }, 'others')).toThrow('defect')
  })
})

describe('a page', () => {
  const list = (order: 'asc' | 'desc') => ({ chatId, query: { limit: 50, count: false, order } })
  const filters = (order: string) => ({ chat_id: chatId, order })
  const run = { items: [view(3), view(5)], hasOlder: true, hasNewer: true, total: undefined }

  it('of messages goes on in the order shown', () => {
    const asc = presentMessages(run, list('asc'), bob)
    expect(asc.items.map(({ seq }) => seq)).toEqual([3, 5])
    expect(decodeCursor('listMessages', filters('asc'), asc.next!)).toEqual({ kind: 'after', seq: 5 })
    expect(decodeCursor('listMessages', filters('asc'), asc.prev!)).toEqual({ kind: 'before', seq: 3 })

    const desc = presentMessages(run, list('desc'), bob)
    expect(desc.items.map(({ seq }) => seq)).toEqual([5, 3])
    expect(decodeCursor('listMessages', filters('desc'), desc.next!)).toEqual({ kind: 'before', seq: 3 })
    expect(decodeCursor('listMessages', filters('desc'), desc.prev!)).toEqual({ kind: 'after', seq: 5 })
  })

  it('of messages ends where there are no more, and counts when asked', () => {
    const page = presentMessages({ ...run, hasOlder: false, hasNewer: false, total: 2 }, list('asc'), bob)
    expect(page).toMatchObject({ next: null, prev: null, total: 2 })
    expect(presentMessages(run, list('asc'), bob)).not.toHaveProperty('total')
  })

  it('without items leads back to where there are some', () => {
    const page = presentMessages({ items: [], hasOlder: true, hasNewer: false, total: undefined }, list('asc'), bob)
    expect(page.next).toBeNull()
    expect(decodeCursor('listMessages', filters('asc'), page.prev!)).toEqual({ kind: 'before', seq: Number.MAX_SAFE_INTEGER })
  })

  it('of events goes on until the head', () => {
    const page = (head: number, count: boolean) => presentEvents({ events, head }, { chatId, query: { limit: 50, count } }, bob)
    expect(page(8, true)).toMatchObject({ next: null, prev: null, head: 8, total: 8 })
    expect(decodeCursor('listEvents', { chat_id: chatId }, page(9, false).next!)).toEqual({ after: 8 })
  })

  it('of anything else has its positions as cursors', () => {
    const page = presentPage(
      { items: [1, 2], next: { at, id: chatId }, prev: undefined, total: 9 },
      { list: 'listChats', filters: {} },
      String,
    )
    expect(page).toMatchObject({ items: ['1', '2'], prev: null, total: 9 })
    expect(decodeCursor('listChats', {}, page.next!)).toEqual({ at, id: chatId })
  })
})

describe('a frame of the server', () => {
  const deliveries: Delivery[] = [
    { type: 'event', event: samples['message.sent'] },
    { type: 'receipt', chatId, userId: undefined, readSeq: 4, at, unread: undefined, unreadMentions: undefined },
    { type: 'typing', chatId, userIds: [ann] },
    { type: 'presence', userId: ann, online: false, lastSeenAt: at },
    { type: 'user', person: { ...person, lastSeenAt: undefined } },
    { type: 'limited', chatId, from: 1, to: 500, newest: events },
    { type: 'reset', chatId: undefined, epoch: 'e', reason: 'epoch' },
    { type: 'chat_gone', chatId, reason: 'removed' },
  ]

  it.each(deliveries)('has the members of $type and no others', (delivery) => {
    const frame = presentDelivery(delivery, 'others')
    expect(serverFrames[delivery.type].schema.strict().parse(frame)).toEqual(frame)
  })

  it('tells no seconds of somebody’s presence', () => {
    expect(presentDelivery(deliveries[3]!, bob)).toMatchObject({ last_seen_at: '2026-01-31T09:30:00.000Z' })
  })

  it('says hello with the limits', () => {
    const hello = presentHello({ connectionId: 'c', epoch: 'e', heartbeatMs: 25_000, now: at, limits, userId: undefined })
    expect(serverFrames.hello.schema.strict().parse(hello)).toEqual(hello)
    expect(hello.user_id).toBeNull()
  })

  it('answers a resume with heads and marks of every chat', () => {
    const standing = {
      chatId,
      headSeq: 9,
      memberSeq: 1,
      memberCount: 2,
      joinedSeq: 1,
      guard: 0,
      readSeq: 3,
      readByOthers: undefined,
      unread: 2,
      unreadMentions: 1,
      me,
      ownAt: 1,
    }
    const own = [{ userId: bob, chatId, me, at: 1, head: 9 }]
    expect(
      presentResumed({ epoch: 'e', isWhole: true, standings: [standing], heads: new Map([[chatId, 9]]), own, blocked: [bob] }),
    ).toEqual({
      blocked: [bob],
      heads: { [chatId]: 9 },
      reads: { [chatId]: { read_seq: 3, read_by_others_seq: null, unread: 2, unread_mentions: 1 } },
      my: { [chatId]: presentMyChat(me) },
    })
  })
})

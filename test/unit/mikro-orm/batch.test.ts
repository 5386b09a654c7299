import { describe, expect, it } from 'vitest'
import { type Call, decideAll, gather, putChats, stateOf } from '../../../src/adapters/mikro-orm/log/batch.ts'
import { writesOf } from '../../../src/adapters/mikro-orm/log/writes.ts'
import { type Chat } from '../../../src/domain/chat.ts'
import { look, nothing, type Scope } from '../../../src/domain/decision.ts'
import { add, disband, dismiss, erase, giveRole } from '../../../src/domain/group.ts'
import { unnamed } from '../../../src/domain/identity.ts'
import type { ChatId, ClientMessageId, CreationKey, MessageId, UserId } from '../../../src/domain/ids.ts'
import type { Role } from '../../../src/domain/member.ts'
import { type Message } from '../../../src/domain/message.ts'
import { edit, post, remove } from '../../../src/domain/posting.ts'
import { RULES } from '../../../src/domain/rules.ts'

const chatId = 'chat' as ChatId
const key = 'made:ann:c' as CreationKey
const [ann, bob, cid] = ['ann', 'bob', 'cid'] as unknown as readonly [UserId, UserId, UserId]

const chat: Chat = {
  id: chatId,
  kind: 'group',
  name: 'Group',
  key,
  createdAt: 1,
  headSeq: 10,
  headN: 7,
  headAt: 100,
  memberSeq: 1,
  memberCount: 2,
  data: undefined,
  description: undefined,
  avatar: undefined,
  rules: RULES,
  guard: 0,
}
const person = (id: UserId) => ({ ...unnamed(id), username: id, name: id })
const member = (id: UserId, role: Role = 'member') => ({ person: person(id), role, joinedSeq: 1, joinedAt: 1 })

/** Runs calls on the group of Ann, its owner, and Bob; Cid exists. */
function run(...calls: Call[]) {
  const wanted = gather(calls)
  putChats(wanted, [chat])
  for (const { chat, name } of wanted.parts.members) {
    if (name === ann) stateOf(chat).members.set(ann, member(ann, 'owner'))
    if (name === bob) stateOf(chat).members.set(bob, member(bob))
  }
  for (const { chat, name } of wanted.parts.people) stateOf(chat).people.set(name as UserId, person(name as UserId))
  const decided = decideAll(wanted, calls)
  const { heads, deletes, inserts, updates, erasures } = writesOf(decided.changed)
  const writes = {
    heads,
    deletes: Object.fromEntries(deletes),
    inserts: Object.fromEntries(inserts),
    updates: Object.fromEntries(updates),
    erasures,
  }
  return { ...decided, writes }
}

const call = (scope: Omit<Scope, 'chat'>, decide: Call['decide'], name: Scope['chat'] = chatId): Call => ({
  scope: { chat: name, ...scope },
  decide,
})
function send(senderId: UserId, clientMessageId: string, text = clientMessageId): Call {
  const draft = {
    id: `m-${senderId}-${clientMessageId}` as MessageId,
    senderId,
    clientMessageId: clientMessageId as ClientMessageId,
    text,
    bodyHash: text,
    at: 200,
  }
  return call({ members: [senderId], earlier: [[senderId, draft.clientMessageId]] }, (state) => post(state, draft))
}
const adding = (userId: UserId) =>
  call(
    { members: [ann, userId], people: [userId], bans: [userId], mutes: [userId], outsiders: [userId], consents: [[userId, ann]] },
    (state) => add(state, { adderId: ann, userIds: [userId], at: 200 }),
  )
const leaving = (userId: UserId) =>
  call({ members: [userId] }, (state) => dismiss(state, { removerId: userId, userIds: [userId], at: 200 }))

describe('a batch', () => {
  it('shows each call exactly what it named, though others named more', () => {
    const seen: unknown[] = []
    const looking = call({ members: [bob] }, (state) => {
      seen.push([...state.members.keys()], [...state.earlier.keys()], state.chat?.headSeq)
      return nothing(look(state.members, ann))
    })
    const { outcomes } = run(send(ann, 'a'), looking)
    expect(seen).toEqual([['bob'], [], 11])
    expect(outcomes[1]).toMatchObject({ error: expect.objectContaining({ message: expect.stringContaining('did not name') }) })
  })

  it('numbers on from what came before in it, and undoes what is refused alone', () => {
    const { outcomes, writes } = run(send(ann, 'a'), send(cid, 'b'), send(bob, 'c'), send(ann, 'a'))
    expect(outcomes).toMatchObject([
      { result: { message: { seq: 11, n: 8 }, replayed: false } },
      { error: { code: 'chat-not-found' } },
      { result: { message: { seq: 12, n: 9 } } },
      { result: { message: { seq: 11 }, replayed: true } },
    ])
    expect(writes.inserts.messages?.map((row) => row.seq)).toEqual([11, 12])
    expect(writes.heads).toEqual([{ chat_id: chatId, was: 10, head_seq: 12, head_n: 9, head_at: 200, last_message_at: 200, guard: 0 }])
  })

  it('writes a message as it is after the batch, once', () => {
    const id = 'm-ann-a' as MessageId
    const editing = call({ members: [ann], messages: [id] }, (state) =>
      edit(state, { editorId: ann, messageId: id, text: 'Edited', at: 300 }),
    )
    const removing = call({ members: [ann], messages: [id] }, (state) => remove(state, { deleterId: ann, messageId: id, at: 400 }))
    expect(run(send(ann, 'a'), editing).writes).toMatchObject({
      inserts: {
        messages: [{ id, seq: 11, text: 'Edited', folded: 'edited', version: 2, edited_at: 300, changed_seq: 12 }],
        events: [{ seq: 12, type: 'message.edited' }],
      },
      updates: {},
    })
    expect(run(send(ann, 'a'), editing, removing).writes).toMatchObject({
      inserts: {
        messages: [{ id, text: null, folded: null, version: 2, deleted_at: 400, changed_seq: 13 }],
        events: [{ seq: 12 }, { seq: 13, type: 'message.deleted' }],
      },
      updates: {},
    })
  })

  it('writes who joined with everything read, and who came back anew', () => {
    const { writes } = run(send(ann, 'a'), leaving(bob), adding(cid), adding(bob), send(ann, 'b'))
    expect(writes.inserts).toMatchObject({
      members: [
        { user_id: cid, joined_seq: 13, read_seq: 13, read_n: 8 },
        { user_id: bob, joined_seq: 14, read_seq: 14, read_n: 8 },
      ],
      marks: [
        { user_id: cid, read_seq: 13 },
        { user_id: bob, read_seq: 14 },
      ],
    })
    const bobs = [{ chat_id: chatId, user_id: bob }]
    expect(writes.deletes).toEqual({
      members: bobs,
      join_requests: [{ chat_id: chatId, user_id: cid }, ...bobs],
      marks: bobs,
      notices: bobs,
    })
    expect(writes.updates).toEqual({ chats: [{ id: chatId, member_seq: 14, member_n: 3 }] })
  })

  it('leaves nothing of who came and went', () => {
    const { writes } = run(adding(cid), leaving(cid))
    expect(writes.inserts.members).toBeUndefined()
    expect(writes.inserts.marks).toBeUndefined()
    expect(writes.updates).toEqual({ chats: [{ id: chatId, member_seq: 12, member_n: 2 }] })
  })

  it('writes the last of several roles', () => {
    const giving = (role: Role) => call({ members: [ann, bob] }, (state) => giveRole(state, { giverId: ann, userId: bob, role, at: 200 }))
    const { writes } = run(giving('admin'), giving('member'), giving('owner'))
    expect(writes.updates.members).toEqual([
      { chat_id: chatId, user_id: bob, role: 'owner' },
      { chat_id: chatId, user_id: ann, role: 'admin' },
    ])
    expect(writes.inserts.members).toBeUndefined()
  })

  it('erases what was sent before, also in the same batch, and refuses what comes after it', () => {
    const erasing = call({ members: [bob, ann], erasures: [[bob, 10]] }, (state) =>
      erase(state, { userId: bob, heirId: undefined, after: 10, at: 300 }),
    )
    const { writes, outcomes } = run(send(bob, 'secret'), erasing, send(bob, 'late'), erasing)
    expect(writes.inserts.messages).toMatchObject([{ seq: 11 }])
    expect(writes.erasures).toEqual([{ chat_id: chatId, user_id: bob, seq: 12, at: 300 }])
    expect(outcomes[2]).toMatchObject({ error: { code: 'chat-not-found' } })
  })

  it('ends a chat where it is deleted: later calls have to wait for the next batch', () => {
    const ending = call({ members: [ann] }, (state) => disband(state, { ownerId: ann, at: 300 }))
    const { postponed, writes, changed } = run(send(ann, 'a'), ending, send(ann, 'b'))
    expect([...postponed]).toEqual([2])
    const alsoGone = Object.fromEntries(
      ['inlets', 'notices', 'shown', 'mutes', 'bans', 'invitations', 'join_requests', 'stay_outs'].map((table) => [
        table,
        [{ chat_id: chatId }],
      ]),
    )
    expect(writes).toEqual({
      heads: [],
      deletes: { chats: [{ id: chatId }], members: [{ chat_id: chatId }], pins: [{ chat_id: chatId }], ...alsoGone },
      inserts: {
        gone_chats: [{ chat_id: chatId }],
        deleted_chats: [{ chat_id: chatId, seq: 12, actor_id: ann, at: 300 }],
      },
      updates: {},
      erasures: [],
    })
    expect(changed[0]!.events.map((event) => event.type)).toEqual(['message.sent', 'chat.deleted'])
  })

  it('takes a chat that is named by its id and by its key for one', () => {
    const byKey = call({ members: [bob] }, (state) => nothing([state.chat?.headSeq, look(state.members, bob)?.role]), key)
    const { outcomes } = run(byKey, send(ann, 'a'), byKey)
    expect(outcomes).toMatchObject([{ result: [10, 'member'] }, { result: {} }, { result: [11, 'member'] }])
  })

  it('fails a decision that would leave a hole in the log, alone', () => {
    const holed = call({}, () => ({
      events: [{ type: 'chat.renamed', actorId: ann, name: 'x', chatId, seq: 13, at: 200 }],
      result: undefined,
    }))
    const { outcomes, writes } = run(holed, send(ann, 'a'))
    expect(outcomes).toMatchObject([{ error: expect.objectContaining({ message: expect.stringContaining('hole') }) }, { result: {} }])
    expect(writes.heads).toMatchObject([{ head_seq: 11 }])
  })

  it('finds a replay of a message that is stored, as it is now', () => {
    const stored = { id: 'old' as MessageId, bodyHash: 'a', sender: person(ann), seq: 5, text: undefined } as unknown as Message
    const wanted = gather([send(ann, 'a')])
    putChats(wanted, [chat])
    stateOf(wanted.parts.members[0]!.chat).members.set(ann, member(ann))
    stateOf(wanted.parts.earlier[0]!.chat).earlier.set('ann a', stored)
    expect(decideAll(wanted, [send(ann, 'a')]).outcomes).toEqual([{ result: { message: stored, replayed: true } }])
  })
})

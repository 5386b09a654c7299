import { describe, expect, it } from 'vitest'
import { localError } from '../../../src/client/calls/problem.ts'
import { readMessage } from '../../../src/client/calls/read-wire.ts'
import type { Message } from '../../../src/client/types.ts'
import { chatActions } from '../../../src/client/views/actions.ts'
import { memberList } from '../../../src/client/views/members.ts'
import { pinList } from '../../../src/client/views/pins.ts'
import { calls, settled, tellings, wireUser, world } from './views.ts'

const TIME = '2030-01-01T00:00:00.000Z'
const wireMessage = (id: string, given: object = {}) => ({
  id,
  chat_id: 'chat',
  seq: 2,
  sender: wireUser('ann'),
  client_message_id: null,
  text: id,
  format: null,
  data: null,
  version: 1,
  reply_to: null,
  forwarded_from: null,
  mentions: [],
  attachments: [],
  reactions: [],
  previews: [],
  sent_at: TIME,
  edited_at: null,
  deleted_at: null,
  ...given,
})
const pin = (id: string, given: object = {}) => ({ message: wireMessage(id, given), pinned_at: TIME, pinned_by: wireUser('bob') })

describe('pinned messages', () => {
  const pinned = () => {
    const { at } = world()
    const copy = at('chat')
    const { asked, last, call } = calls()
    const list = pinList({ copy, call })
    return { copy, asked, last, list, ids: () => list.store.get().items.map(({ message }) => message.id) }
  }

  it('are loaded when they are wanted, once, and again when others are pinned', async () => {
    const { copy, asked, last, list, ids } = pinned()
    expect(list.store.get()).toEqual({ items: [], status: 'idle' })
    list.renew()
    expect(asked).toHaveLength(0)
    const told = tellings(list.store)
    const both = Promise.all([list.load(), list.load()])
    await settled()
    expect([list.store.get().status, told()]).toEqual(['loading', 1])
    expect(asked.map(({ what, given }) => [what, given])).toEqual([['listPins', { params: { chat_id: 'chat' }, signal: undefined }]])
    await last().answer({ items: [pin('a'), pin('b')] })
    await both
    expect([list.store.get().status, ids(), told(), [...copy.pinned]]).toEqual(['ready', ['a', 'b'], 1, ['a', 'b']])
    expect(list.store.get().items[0]).toMatchObject({ pinnedAt: Date.parse(TIME), pinnedBy: { id: 'bob' } })
    await list.load()
    expect(asked).toHaveLength(1)
    list.renew()
    expect([asked.length, list.store.get().status]).toEqual([2, 'ready'])
    await last().answer({ items: [pin('c')] })
    expect(ids()).toEqual(['c'])
  })

  it('are loaded once more when others are pinned meanwhile, and whoever waits gets the later ones', async () => {
    const { asked, last, list, ids } = pinned()
    const loaded = list.load()
    list.renew()
    list.renew()
    await last().answer({ items: [pin('a')] })
    expect(asked).toHaveLength(2)
    const again = list.load()
    await last().answer({ items: [pin('b')] })
    await Promise.all([loaded, again])
    expect([ids(), asked.length]).toEqual([['b'], 2])
  })

  it('that cannot be loaded say so, those that were stay', async () => {
    const { last, list, ids } = pinned()
    const failed = list.load()
    await last().fail()
    await expect(failed).rejects.toThrow('Nobody answers.')
    expect(list.store.get().status).toBe('failed')
    const loaded = list.load()
    expect(list.store.get().status).toBe('loading')
    await last().answer({ items: [pin('a')] })
    await loaded
    list.renew()
    await last().fail(localError('network', 'Nobody answers.'))
    expect([list.store.get().status, ids()]).toEqual(['ready', ['a']])
    const later = list.load()
    await last().answer({ items: [] })
    await later
    expect(ids()).toEqual([])
  })

  it('are shown as the log has them, and not once they are deleted', async () => {
    const { copy, last, list, ids } = pinned()
    void list.load()
    await last().answer({ items: [pin('a'), pin('b'), pin('c')] })
    const before = list.store.get()
    list.changed()
    expect(list.store.get()).toBe(before)
    const known = (id: string, given: object): Message => readMessage(wireMessage(id, given) as never)
    copy.timeline.messages.set('a', known('a', { text: 'other', version: 2 }))
    copy.timeline.messages.set('b', known('b', { text: null, deleted_at: TIME, version: 2 }))
    list.changed()
    expect(ids()).toEqual(['a', 'c'])
    expect(list.store.get().items.map(({ message }) => message.text)).toEqual(['other', 'c'])
    expect(list.store.get().items[1]).toBe(before.items[2])
  })
})

describe('members of a chat', () => {
  const member = (id: string, read_seq = 1) => ({ user: wireUser(id), role: 'member', joined_at: TIME, read_seq, muted_until: null })
  const members = () => {
    const { all, at } = world()
    const copy = at('chat', { readSeq: 4 })
    const { asked, last, call } = calls()
    const state = { known: Promise.resolve<unknown>(undefined), remarks: 0 }
    const list = memberList({ copy, copies: all, call, me: () => 'me', known: () => state.known, remark: () => void state.remarks++ })
    const shown = () => list.store.get().items.map(({ person, readSeq }) => `${person.id}:${readSeq}`)
    return { all, copy, asked, last, state, list, shown }
  }

  it('are loaded page by page, and then no more', async () => {
    const { asked, last, list, shown, state, copy, all } = members()
    expect(list.store.get()).toEqual({ items: [], status: 'idle', hasMore: false })
    const told = tellings(list.store)
    void list.load()
    await settled()
    expect([list.store.get().status, told(), all.isRecording()]).toEqual(['loading', 1, true])
    expect(last().given).toEqual({ params: { chat_id: 'chat' }, query: { cursor: undefined, limit: 100 }, signal: undefined })
    await last().answer({ items: [member('me', 2), member('bob', 3)], next: 'more' })
    expect(list.store.get()).toMatchObject({ status: 'ready', hasMore: true })
    expect([shown(), told(), state.remarks, all.isRecording(), [...copy.members.marks.keys()]]).toEqual([
      ['me:4', 'bob:3'],
      1,
      1,
      false,
      ['bob'],
    ])
    void list.load()
    await settled()
    expect([list.store.get().status, last().given.query]).toEqual(['ready', { cursor: 'more', limit: 100 }])
    await last().answer({ items: [member('cid')], next: null })
    expect([shown(), list.store.get().hasMore, copy.members.isWhole]).toEqual([['me:4', 'bob:3', 'cid:1'], false, true])
    await list.load()
    expect(asked).toHaveLength(2)
  })

  it('are the same objects until something about them changes', async () => {
    const { last, list, copy } = members()
    void list.load()
    await settled()
    await last().answer({ items: [member('me'), member('bob', 3)], next: null })
    const before = list.store.get()
    list.changed()
    expect(list.store.get()).toBe(before)
    copy.members.marks.set('bob', 4)
    list.changed()
    const after = list.store.get()
    expect([after.items[0] === before.items[0], after.items[1]!.readSeq]).toEqual([true, 4])
    list.changed()
    expect(list.store.get()).toBe(after)
  })

  it('are loaded from the beginning when they are out of date', async () => {
    const { last, list, shown, copy } = members()
    void list.load()
    await settled()
    await last().answer({ items: [member('bob')], next: 'more' })
    copy.generation++
    void list.load()
    await settled()
    expect(last().given.query).toEqual({ cursor: undefined, limit: 100 })
    await last().answer({ items: [member('cid')], next: null })
    expect(shown()).toEqual(['cid:1'])
    list.outdate()
    void list.load()
    await settled()
    await last().answer({ items: [member('dan')], next: null })
    expect(shown()).toEqual(['dan:1'])
  })

  it('that cannot be loaded say so; those that were stay', async () => {
    const { last, list, shown, state, copy } = members()
    state.known = Promise.reject(new Error('unknown'))
    await expect(list.load()).rejects.toThrow('unknown')
    expect(list.store.get().status).toBe('failed')
    state.known = Promise.resolve()
    void list.load()
    await settled()
    await last().answer({ items: [member('bob')], next: null })
    copy.generation++
    const failed = list.load()
    await settled()
    await last().fail()
    await expect(failed).rejects.toThrow('Nobody answers.')
    expect([list.store.get().status, shown()]).toEqual(['ready', ['bob:1']])
  })

  it('are loaded again after events were left out, if they were wanted, and one load at a time', async () => {
    const { asked, last, list, copy } = members()
    list.repair()
    await settled()
    expect(asked).toHaveLength(0)
    void list.load()
    list.repair()
    await settled()
    await last().answer({ items: [member('bob')], next: null })
    list.repair()
    await settled()
    expect(asked).toHaveLength(1)
    copy.generation++
    list.repair()
    await settled()
    expect(asked).toHaveLength(2)
    await last().answer({ items: [member('bob')], next: null })
    const failing = members()
    failing.list.load().catch(() => {})
    await settled()
    await failing.last().fail()
    failing.list.repair()
    await settled()
    expect(failing.asked).toHaveLength(2)
  })

  it('take over what the log has told of them meanwhile', async () => {
    const { last, list, copy, shown } = members()
    copy.timeline.head = 5
    void list.load()
    await settled()
    const left = (seq: number, userId: string) => ({
      seq,
      event: { type: 'member.left', seq, userId, chatId: 'chat', at: 0, actorId: userId },
    })
    copy.recorded.push(left(5, 'bob') as never, left(6, 'cid') as never, { seq: 7, event: undefined })
    await last().answer({ items: [member('bob'), member('cid')], next: null })
    expect(shown()).toEqual(['bob:1'])
  })
})

describe('what is done in a chat', () => {
  const chat = ({ isUp = true, kind = 'group' } = {}) => {
    const { at } = world()
    const copy = at('chat', { kind: kind as 'group' })
    const { asked, call, request } = calls()
    const hidden: string[] = []
    const actions = chatActions({ copy, call, request, isUp: () => isUp, hide: ({ id }) => void hidden.push(id) })
    return { copy, asked, hidden, actions }
  }
  const { signal } = new AbortController()
  const params = { chat_id: 'chat' }
  const one = { ...params, message_id: 'm' }

  it('names the chat, the message, and who may stop it', async () => {
    const { actions, asked } = chat({ isUp: false })
    void actions.message('m', { signal })
    void actions.edit('m', 'other', { version: 2, signal })
    void actions.remove('m', { signal })
    void actions.readersOf('m', { signal, limit: 5 })
    void actions.reactionsOf('m', { signal, emoji: '👍' })
    void actions.removeReactions('m', '👍', { signal })
    void actions.pinMessage('m', { signal })
    void actions.unpinMessage('m', { signal })
    void actions.addMembers(['bob'], { signal })
    void actions.removeMember('bob', { signal })
    void actions.changeRole('bob', 'admin', { signal })
    void actions.rename('Other', { signal })
    void actions.delete({ signal })
    void actions.search('tea', { signal, senderId: 'bob', limit: 3 })
    expect(asked.map(({ what, given }) => [what, given])).toEqual([
      ['getMessage', { params: one, signal }],
      ['editMessage', { params: one, body: { text: 'other', version: 2 }, signal }],
      ['deleteMessage', { params: one, signal }],
      ['listReaders', { params: one, query: { limit: 5 }, signal }],
      ['listReactions', { params: one, query: { emoji: '👍' }, signal }],
      ['removeReaction', { params: { ...one, emoji: '👍' }, query: { everyone: true }, signal }],
      ['pinMessage', { params: one, signal }],
      ['unpinMessage', { params: one, signal }],
      ['addMembers', { params, body: { user_ids: ['bob'] }, signal }],
      ['removeMember', { params: { ...params, user_id: 'bob' }, signal }],
      ['changeRole', { params: { ...params, user_id: 'bob' }, body: { role: 'admin' }, signal }],
      ['renameChat', { params, body: { name: 'Other' }, signal }],
      ['deleteChat', { params, signal }],
      ['searchMessages', { query: { query: 'tea', chat_id: 'chat', sender_id: 'bob', limit: 3 }, signal }],
    ])
  })

  it('goes over the connection where there is one and it can', () => {
    const { actions, asked } = chat()
    void actions.edit('m', { text: 'other' }, { signal })
    void actions.remove('m', { signal })
    expect(asked.map(({ what, given }) => [what, given])).toEqual([
      ['edit_message', { ...one, text: 'other', version: undefined }],
      ['delete_message', one],
    ])
  })

  it('hides a private chat that was left, and no other', async () => {
    for (const [kind, expected] of [
      ['private', ['chat']],
      ['group', []],
    ] as const) {
      const { actions, asked, hidden } = chat({ kind })
      const left = actions.leave({ signal })
      expect(asked[0]!.given).toEqual({ params: { ...params, user_id: 'me' }, signal })
      expect(hidden).toEqual([])
      await asked[0]!.answer()
      await left
      expect(hidden).toEqual(expected)
    }
    const lost = chat({ kind: 'private' })
    const left = lost.actions.leave()
    lost.copy.item = undefined
    await lost.asked[0]!.answer()
    await left
    expect(lost.hidden).toEqual([])
  })
})

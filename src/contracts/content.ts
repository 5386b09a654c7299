import { expect, it } from 'vitest'
import type { MentionPosition } from '../application/ports/views.ts'
import type { MessageId, UserId } from '../domain/ids.ts'
import { type Content, type Mention, type Message, PLAIN } from '../domain/message.ts'
import { rulesOf } from './harness.ts'
import { allPages } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const user = (userId: UserId, start = 0): Mention => ({ kind: 'user', userId, start, length: 1 })
const all: Mention = { kind: 'all', start: 0, length: 1 }

/** What messages and chats have beside their texts: kept as it was sent, gone when the message is deleted, counted for whom it concerns. */
export const contentContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: content`, openStore, (scene) => {
    const odd = { 'k\u0000': ['\ud800', null, { __proto__x: 1 }], 'é': 1.5 }

    it('is shown everywhere as it was sent, and as it was edited', async () => {
      const { persons, group, send, edit, chats, log } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const content = { format: 'markdown' as const, mentions: [user(bob), user(ann, 2)], data: odd }
      const sent = await send(chat, ann, 'a kettle', { content: { ...content, kind: 'tea.1' } })
      expect(sent).toMatchObject({ text: 'a kettle', kind: 'tea.1', content: { ...content, attachments: [], forwarded: undefined } })
      const everywhere = async (): Promise<Message[]> => [
        (await chats.message(bob, chat, sent.id))!.message!.message,
        (await chats.messages(bob, chat, { kind: 'newest' }, {}, 10, false))!.items.at(-1)!.message,
        (await chats.messages(bob, chat, { kind: 'newest' }, { query: 'kettle' }, 10, false))!.items.at(-1)!.message,
        (await chats.search(bob, { query: 'kettle' }, { limit: 10 })).items[0]!.message,
        (await chats.get(bob, chat))!.lastMessage!.message,
        (await chats.list(bob, {}, { limit: 10 })).items[0]!.lastMessage!.message,
        (await chats.mentions(bob, {}, { limit: 10 })).items[0]!.message,
      ]
      for (const message of await everywhere()) expect(message).toEqual(sent)
      const edited = await edit(chat, ann, sent.id, { data: { a: 1 }, format: 'text' })
      expect(edited).toMatchObject({
        text: 'a kettle',
        version: 2,
        content: { format: 'text', data: { a: 1 }, mentions: content.mentions },
      })
      for (const message of await everywhere()) expect(message).toEqual(edited)
      const [, first, second] = await log.read(chat, 0, 10)
      expect(first).toMatchObject({ type: 'message.sent', message: { content: edited.content, kind: 'tea.1' } })
      expect(second).toMatchObject({ type: 'message.edited', text: 'a kettle', content: edited.content, version: 2 })
    })

    it('is known by the text that an edit was asked with, until another edit or the deletion', async () => {
      const { persons, group, send, edit, remove, chats } = scene()
      const [ann] = (await persons(1)) as [UserId]
      const chat = await group(ann)
      const { id } = await send(chat, ann, 'hello')
      const asked = { text: 'damn', hash: 'digest of damn' }
      const now = async () => (await chats.message(ann, chat, id))!.message!.message
      await edit(chat, ann, id, { text: '****', asked })
      expect(await now()).toMatchObject({ text: '****', editHash: asked.hash, content: PLAIN })
      await edit(chat, ann, id, { data: { a: 1 } })
      expect(await now()).toMatchObject({ text: '****', editHash: asked.hash, content: { ...PLAIN, data: { a: 1 } } })
      const again = await edit(chat, ann, id, { text: 'something else', asked })
      expect([again.text, again.version]).toEqual(['****', 3])
      await edit(chat, ann, id, 'hi')
      expect((await now()).editHash).toBeUndefined()
      await edit(chat, ann, id, { text: '****', asked })
      expect((await remove(chat, ann, id)).editHash).toBeUndefined()
      expect((await now()).editHash).toBeUndefined()
    })

    it('goes with the message, but for its kind', async () => {
      const { persons, group, send, edit, remove, chats, log } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const { id } = await send(chat, ann, 'a kettle', {
        content: { format: 'markdown', mentions: [user(bob)], data: { a: 1 }, kind: 'tea' },
      })
      await edit(chat, ann, id, { data: { a: 2 } })
      const removed = await remove(chat, ann, id)
      expect(removed).toMatchObject({ text: undefined, content: PLAIN, kind: 'tea' })
      expect((await chats.message(bob, chat, id))!.message!.message).toEqual(removed)
      expect(await log.read(chat, 1, 10)).toMatchObject([
        { type: 'message.sent', message: { text: undefined, content: PLAIN, kind: 'tea' } },
        { type: 'message.edited', text: undefined, content: PLAIN },
        { type: 'message.deleted' },
      ])
    })

    it('of a forwarded message names its first author as they are called now', async () => {
      const { person, group, send, chats, log, people, eraseFrom, tick } = scene()
      const [ann, bob] = [await person({ name: 'Ann' }), await person({ name: 'Bob' })]
      const [one, two] = [await group(ann, bob), await group(bob)]
      const source = await send(one, ann, 'a kettle', {
        content: { format: 'markdown', mentions: [user(bob)], kind: 'tea', data: { a: 1 } },
      })
      const copy = await send(two, bob, '', { source })
      const again = await send(two, bob, '', { source: copy })
      for (const message of [copy, again])
        expect(message).toMatchObject({
          sender: { id: bob },
          text: 'a kettle',
          kind: undefined,
          content: { ...PLAIN, format: 'markdown', forwarded: { sender: { id: ann, name: 'Ann' }, at: source.at } },
        })
      await people.rename(ann, { name: 'Anna' })
      const nameNow = async () => [
        (await chats.message(bob, two, copy.id))!.message!.message.content.forwarded!.sender.name,
        (await chats.messages(bob, two, { kind: 'newest' }, {}, 10, false))!.items[0]!.message.content.forwarded!.sender.name,
        (await chats.list(bob, {}, { limit: 1 })).items[0]!.lastMessage!.message.content.forwarded!.sender.name,
        ((await log.read(two, 1, 1))[0] as { readonly message: Message }).message.content.forwarded!.sender.name,
      ]
      expect(new Set(await nameNow())).toEqual(new Set(['Anna']))
      await people.erase(ann, tick())
      await eraseFrom(one, ann, bob)
      expect(new Set(await nameNow())).toEqual(new Set([undefined]))
      expect((await chats.message(bob, two, copy.id))!.message!.message).toMatchObject({ text: 'a kettle', sender: { id: bob } })
    })

    it('mentions members, each message once, and counts what is unread', async () => {
      const { persons, group, send, edit, remove, read, chats, receipts, tick } = scene()
      const [ann, bob, cid, stranger] = (await persons(4)) as [UserId, UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      const counts = async (who: UserId) => {
        const standing = await chats.standing(who, chat)
        const view = (await chats.get(who, chat))!
        const listed = (await chats.list(who, {}, { limit: 10 })).items.find((item) => item.chat.id === chat)!
        expect([view.unreadMentions, listed.unreadMentions]).toEqual([standing!.unreadMentions, standing!.unreadMentions])
        expect((await chats.mentions(who, { unread: true }, { limit: 100, count: true })).total).toBe(view.unreadMentions)
        return view.unreadMentions
      }
      await send(chat, ann, 'xyz', { content: { mentions: [user(bob), user(stranger, 1)] } })
      const both = await send(chat, ann, 'xyz', { content: { mentions: [user(bob), user(bob, 1), { ...all, start: 2 }] } })
      const own = await send(chat, bob, 'xyz', { content: { mentions: [user(bob), { ...all, start: 1 }] } })
      expect([await counts(ann), await counts(bob), await counts(cid)]).toEqual([1, 2, 2])
      await edit(chat, ann, both.id, { mentions: [user(cid)] })
      expect([await counts(bob), await counts(cid)]).toEqual([1, 2])
      // What an edit leaves as it is stays, and a new text mentions nobody.
      await edit(chat, ann, both.id, { data: { a: 1 } })
      expect(await counts(cid)).toBe(2)
      await edit(chat, ann, both.id, { text: 'new' })
      expect(await counts(cid)).toBe(1)
      await remove(chat, bob, own.id)
      expect([await counts(ann), await counts(bob), await counts(cid)]).toEqual([0, 1, 0])
      expect(await read(chat, bob, 2)).toMatchObject({ unread: 1, unreadMentions: 0 })
      await send(chat, ann, 'xyz', { content: { mentions: [user(bob)] } })
      expect(await receipts.advance({ chatId: chat, userId: bob, to: 2, at: tick() })).toMatchObject({ unreadMentions: 1, moved: false })
    })

    it('is listed newest first, page by page: one’s own mentions and those of all since one joined', async () => {
      const { persons, group, add, dismiss, send, read, chats } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const one = await group(ann, bob)
      const two = await group(ann, bob)
      await send(one, ann, 'xyz', { content: { mentions: [all] } })
      const named = await send(two, ann, 'xyz', { content: { mentions: [user(bob)] } })
      await dismiss(two, ann, bob)
      await send(two, ann, 'xyz', { content: { mentions: [user(bob), { ...all, start: 1 }] } })
      await add(one, ann, cid)
      await add(two, ann, bob)
      const at = named.at + 600_000
      const sent: Message[] = []
      for (const chat of [one, two, one, two, two])
        sent.push(await send(chat, ann, 'xyz', { at, content: { mentions: [sent.length % 2 ? user(bob) : all, { ...all, start: 1 }] } }))
      const ids = (messages: readonly Message[]): MessageId[] => messages.map(({ id }) => id)
      const listed = async (who: UserId, limit: number, unread = false) =>
        ids((await allPages((from?: MentionPosition) => chats.mentions(who, { unread }, { limit, from }))).map(({ message }) => message))
      const order = [two, one].sort().reverse()
      const newest = sent.toReversed().sort((a, b) => order.indexOf(a.chatId) - order.indexOf(b.chatId))
      const first = (await chats.messages(bob, one, { kind: 'offset', offset: 0, fromEnd: false }, {}, 1, false))!.items[0]!.message
      for (const limit of [1, 2, 3, 50]) {
        expect(await listed(bob, limit)).toEqual(ids([...newest, named, first]))
        expect(await listed(cid, limit)).toEqual(ids(newest.filter(({ chatId }) => chatId === one)))
        expect(await listed(ann, limit)).toEqual([])
      }
      await read(one, bob, 100)
      expect(await listed(bob, 2, true)).toEqual(ids(newest.filter(({ chatId }) => chatId === two)))
      expect((await chats.mentions(bob, {}, { limit: 1, count: true })).total).toBe(sent.length + 2)
    })

    it('of an erased user is gone everywhere, with what mentions them', async () => {
      const { persons, group, send, eraseFrom, chats, people, log, tick } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      const lost = await group(ann, bob)
      for (let i = 0; i < 3; i++) await send(chat, bob, 'xyz', { content: { mentions: [user(cid), { ...all, start: 1 }], data: { i } } })
      const naming = await send(chat, ann, 'xyz', { content: { mentions: [user(bob), user(cid, 1)] } })
      await send(lost, ann, 'xyz', { content: { mentions: [user(bob)] } })
      await people.erase(bob, tick())
      const left = async () => (await chats.toErase(bob)).map(({ chatId }) => chatId)
      expect(new Set(await left())).toEqual(new Set([chat, lost]))
      for (const at of [chat, lost]) {
        while ((await log.eraseTexts({ chatId: at, userId: bob, at: tick() })) > 0);
        await eraseFrom(at, bob)
      }
      expect(await left()).toEqual([])
      expect((await chats.get(cid, chat))!.unreadMentions).toBe(1)
      expect((await chats.mentions(cid, {}, { limit: 10 })).items.map(({ message }) => message.id)).toEqual([naming.id])
      const { items } = (await chats.messages(cid, chat, { kind: 'newest' }, { senderId: bob }, 10, false))!
      expect(items.map(({ message }): Content => message.content)).toEqual([PLAIN, PLAIN, PLAIN])
      const unerased = await group(ann, cid)
      await send(unerased, ann, 'xyz', { content: { mentions: [user(cid)] } })
      expect((await chats.get(cid, unerased))!.unreadMentions).toBe(1)
    })

    it('of a chat is its data, as it is now', async () => {
      const { persons, group, describe, chats, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      expect((await chats.get(bob, chat))!.chat.data).toBeUndefined()
      await describe(chat, ann, { b: 1, a: odd })
      await describe(chat, ann, { a: odd, b: 1 })
      expect((await chats.get(bob, chat))!.chat.data).toEqual({ a: odd, b: 1 })
      expect((await chats.list(bob, {}, { limit: 1 })).items[0]!.chat.data).toEqual({ a: odd, b: 1 })
      await describe(chat, ann, { c: 1 })
      expect(await events(chat)).toMatchObject([
        { type: 'chat.created' },
        { type: 'chat.data_changed', data: { c: 1 } },
        { type: 'chat.data_changed', data: { c: 1 } },
      ])
    })
  })

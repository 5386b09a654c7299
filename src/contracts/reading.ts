import { expect, it } from 'vitest'
import type { ChatId, Seq, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Chats` tells of reading. */
export const readingContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: reading`, openStore, (scene) => {
    it('counts exactly what is unread, whoever sends, deletes, joins and reads', async () => {
      const stage = scene()
      const { persons, group, add, dismiss, send, remove, edit, eraseFrom, read } = stage
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      const check = async (...members: UserId[]) => {
        for (const member of members) expect(await unreadOf(stage, chat, member)).toEqual(await naiveUnread(stage, chat, member))
      }
      const first = await send(chat, ann)
      await send(chat, bob)
      const third = await send(chat, ann)
      await check(ann, bob)
      await read(chat, bob, first.seq)
      await remove(chat, ann, third.seq === 4 ? third.id : first.id)
      await check(ann, bob)
      await remove(chat, ann, first.id)
      await add(chat, ann, cid)
      await check(ann, bob, cid)
      const sent = await Promise.all(Array.from({ length: 12 }, (_, i) => send(chat, [ann, bob, cid][i % 3]!, `${i}`)))
      await check(ann, bob, cid)
      await Promise.all([
        remove(chat, ann, sent[3]!.id),
        edit(chat, bob, sent[4]!.id, 'edited'),
        read(chat, cid, sent[6]!.seq),
        remove(chat, cid, sent[8]!.id),
        remove(chat, ann, sent[7]!.id),
      ])
      await check(ann, bob, cid)
      await read(chat, ann, sent[5]!.seq)
      await remove(chat, ann, sent[0]!.id)
      await eraseFrom(chat, cid)
      await check(ann, bob)
      await dismiss(chat, bob, bob)
      await send(chat, ann)
      await add(chat, ann, bob)
      await send(chat, ann)
      await check(ann, bob)
      expect(await unreadOf(stage, chat, bob)).toBe(1)
    })

    it('does not take sending for reading', async () => {
      const { persons, group, send, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      await send(chat, bob)
      await send(chat, ann)
      expect(await chats.get(ann, chat)).toMatchObject({ me: { readSeq: 1 }, unread: 1, readByOthers: 1 })
    })

    it('takes a message for read when every present member but its sender has reached it', async () => {
      const { persons, group, send, read, dismiss, chats } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      const { id, seq } = await send(chat, ann)
      const isRead = async () => (await chats.message(cid, chat, id))!.message!.isRead
      await read(chat, ann, seq)
      await read(chat, bob, seq)
      expect(await isRead()).toBe(false)
      expect((await chats.get(ann, chat))!.readByOthers).toBe(1)
      await read(chat, cid, seq)
      expect(await isRead()).toBe(true)
      expect((await chats.get(ann, chat))!.readByOthers).toBe(seq)
      const next = await send(chat, ann)
      await read(chat, bob, next.seq)
      await dismiss(chat, ann, cid)
      expect((await chats.message(bob, chat, next.id))!.message!.isRead).toBe(true)
      const last = await send(chat, bob)
      expect((await chats.message(bob, chat, last.id))!.message!.isRead).toBe(false)
      await dismiss(chat, ann, bob)
      expect((await chats.message(ann, chat, next.id))!.message!.isRead).toBe(false)
      expect((await chats.message(ann, chat, last.id))!.message!.isRead).toBe(false)
      expect((await chats.get(ann, chat))!.readByOthers).toBeUndefined()
    })

    it('names the readers of a message and when each reached it', async () => {
      const { persons, group, add, send, read, dismiss, chats, events } = scene()
      const [ann, bob, cid, dan] = (await persons(4)) as [UserId, UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      const one = await send(chat, ann)
      const two = await send(chat, ann)
      const bobs = await read(chat, bob, one.seq)
      const bobsLater = await read(chat, bob, two.seq)
      const cids = await read(chat, cid, two.seq)
      await add(chat, ann, dan)
      const joined = (await events(chat)).at(-1)!.at
      const readers = async (seq: Seq) =>
        (await chats.readers(bob, chat, { seq, senderId: ann }, { limit: 10 }))!.items.map(({ person, readAt }) => [person.id, readAt])
      const sorted = (rows: unknown[][]) => rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
      expect(sorted((await readers(one.seq)).slice(0, 2))).toEqual(
        sorted([
          [bob, bobs.receipt.at],
          [cid, cids.receipt.at],
        ]),
      )
      expect((await readers(two.seq))[2]).toEqual([dan, joined])
      expect((await readers(two.seq)).find(([id]) => id === bob)).toEqual([bob, bobsLater.receipt.at])
      await dismiss(chat, ann, cid)
      expect((await readers(two.seq)).map(([id]) => id)).toEqual([bob, dan])
      const three = await send(chat, bob)
      expect((await chats.readers(ann, chat, { seq: three.seq, senderId: bob }, { limit: 10 }))!.items).toEqual([])
      expect(await chats.readers(cid, chat, { seq: one.seq, senderId: ann }, { limit: 10 })).toBeUndefined()
    })
  })

const unreadOf = async ({ chats, receipts, tick }: Scene, chat: ChatId, userId: UserId): Promise<number> => {
  const view = (await chats.get(userId, chat))!
  expect((await chats.standing(userId, chat))!.unread).toBe(view.unread)
  expect((await receipts.advance({ chatId: chat, userId, to: 0, at: tick() }))!.unread).toBe(view.unread)
  return view.unread
}

async function naiveUnread({ chats, events }: Scene, chat: ChatId, userId: UserId): Promise<number> {
  const { readSeq } = (await chats.get(userId, chat))!.me
  const sent = (await events(chat)).flatMap((event) => (event.type === 'message.sent' ? [event.message] : []))
  return sent.filter((message) => message.seq > readSeq && message.deletedAt === undefined && message.sender.id !== userId).length
}

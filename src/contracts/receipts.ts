import { expect, it } from 'vitest'
import type { ChatId, Seq, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Receipts` promises. */
export const receiptsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: receipts`, openStore, (scene) => {
    it('moves a mark up, never back, and no further than the head', async () => {
      const { persons, group, send, receipts, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      for (let i = 0; i < 4; i++) await send(chat, ann)
      const advance = async (to: Seq) => {
        const marked = await receipts.advance({ chatId: chat, userId: bob, to, at: tick() })
        return marked && [marked.receipt.readSeq, marked.moved, marked.unread]
      }
      expect(await advance(3)).toEqual([3, true, 2])
      expect(await advance(3)).toEqual([3, false, 2])
      expect(await advance(2)).toEqual([3, false, 2])
      expect(await advance(0)).toEqual([3, false, 2])
      expect(await advance(1_000_000)).toEqual([5, true, 0])
      await send(chat, ann)
      expect(await advance(5)).toEqual([5, false, 1])
    })

    it('answers with all that telling others needs', async () => {
      const { persons, group, add, send, receipts, tick } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      await send(chat, ann)
      await add(chat, ann, cid)
      await send(chat, ann)
      const at = tick()
      expect(await receipts.advance({ chatId: chat, userId: bob, to: 4, at })).toEqual({
        receipt: { chatId: chat, userId: bob, readSeq: 4, at, asOf: 3 },
        unread: 0,
        unreadMentions: 0,
        isMarkedUnread: false,
        moved: true,
        memberCount: 3,
        lowest: [
          { userId: ann, readSeq: 1 },
          { userId: cid, readSeq: 3 },
        ],
      })
      expect(await receipts.advance({ chatId: chat, userId: ann, to: 4, at })).toMatchObject({
        lowest: [{ userId: cid, readSeq: 3 }, { readSeq: 4 }],
      })
      expect(await receipts.advance({ chatId: chat, userId: cid, to: 4, at })).toMatchObject({ lowest: [{ readSeq: 4 }, { readSeq: 4 }] })
    })

    it('tells who has read least of each chat', async () => {
      const { persons, group, send, read, receipts, newId } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const [one, alone, nowhere] = [await group(ann, bob, cid), await group(ann), newId() as ChatId]
      for (let i = 0; i < 4; i++) await send(one, ann)
      await read(one, bob, 4)
      await read(one, ann, 3)
      expect(await receipts.lowest([one, alone, nowhere])).toEqual(
        new Map([
          [
            one,
            [
              { userId: cid, readSeq: 1 },
              { userId: ann, readSeq: 3 },
            ],
          ],
          [alone, [{ userId: ann, readSeq: 1 }]],
        ]),
      )
      expect(await receipts.lowest([])).toEqual(new Map())
    })

    it('knows no mark of who is not in the chat, or was', async () => {
      const { persons, group, dismiss, receipts, tick, newId } = scene()
      const [ann, bob, stranger] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      await dismiss(chat, ann, bob)
      for (const userId of [bob, stranger]) expect(await receipts.advance({ chatId: chat, userId, to: 1, at: tick() })).toBeUndefined()
      expect(await receipts.advance({ chatId: newId() as ChatId, userId: ann, to: 1, at: tick() })).toBeUndefined()
    })

    it('merges what arrives at once: each answer has reached what it asked for, the end is the highest', async () => {
      const { persons, group, send, receipts, chats, tick, newId } = scene()
      const [ann, bob, stranger] = (await persons(3)) as [UserId, UserId, UserId]
      const others = await persons(10)
      const [one, two] = [await group(ann, bob, ...others), await group(ann, bob)]
      await Promise.all([one, two].flatMap((chat) => Array.from({ length: 20 }, (_, i) => send(chat, ann, `${i}`))))
      const wanted = [3, 17, 9, 21, 5, 12, 21, 2].flatMap((to) => [
        { chatId: one, userId: bob, to },
        { chatId: two, userId: bob, to: Math.min(to, 10) },
        ...others.map((userId) => ({ chatId: one, userId, to })),
      ])
      const outsiders = [
        { chatId: one, userId: stranger, to: 5 },
        { chatId: newId() as ChatId, userId: bob, to: 5 },
      ]
      const answers = await Promise.all([...wanted, ...outsiders].map((mark) => receipts.advance({ ...mark, at: tick() })))
      wanted.forEach(({ chatId, userId, to }, i) => {
        expect(answers[i]!.receipt).toMatchObject({ chatId, userId })
        expect(answers[i]!.receipt.readSeq).toBeGreaterThanOrEqual(to)
      })
      expect(answers.slice(wanted.length)).toEqual([undefined, undefined])
      expect(answers.some((answer) => answer?.moved)).toBe(true)
      expect((await chats.get(bob, one))!.me.readSeq).toBe(21)
      expect((await chats.get(bob, two))!.me.readSeq).toBe(10)
      const marks = (await chats.members(ann, one, { limit: 100 }))!.items.map((member) => [member.person.id, member.readSeq])
      expect(Object.fromEntries(marks)).toEqual({ [ann]: 1, ...Object.fromEntries([bob, ...others].map((id) => [id, 21])) })
    })

    it('starts whoever joins with everything read, and whoever comes back anew', async () => {
      const { persons, group, add, dismiss, send, read, chats, receipts } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann)
      await send(chat, ann)
      await add(chat, ann, bob)
      expect((await chats.get(bob, chat))!.me).toMatchObject({ role: 'member', readSeq: 3 })
      expect((await chats.get(bob, chat))!.unread).toBe(0)
      expect(await receipts.since([chat], 0)).toEqual([])
      await send(chat, ann)
      await read(chat, bob, 4)
      await dismiss(chat, ann, bob)
      await send(chat, ann)
      await add(chat, ann, bob)
      expect((await chats.get(bob, chat))!.me.readSeq).toBe(7)
      expect((await chats.get(bob, chat))!.unread).toBe(0)
      expect((await receipts.since([chat], 0)).filter((receipt) => receipt.readSeq < 7)).toEqual([])
    })

    it('tells which marks moved since, the latest of each member', async () => {
      const { persons, group, send, read, receipts, dismiss } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [one, two, three] = [await group(ann, bob), await group(ann, bob), await group(ann, bob)]
      for (const chat of [one, two, three]) for (let i = 0; i < 3; i++) await send(chat, ann)
      const early = await read(one, bob, 2)
      await read(three, bob, 4)
      const mid = await read(two, ann, 2)
      await read(one, bob, 3)
      const last = await read(one, bob, 4)
      const moved = async (chats: ChatId[], since: number) =>
        (await receipts.since(chats, since))
          .map(({ chatId, userId, readSeq, at }) => [chatId, userId, readSeq, at])
          .sort((a, b) => Number(a[3]) - Number(b[3]))
      expect(await moved([one, two], early.receipt.at - 1)).toEqual([
        [two, ann, 2, mid.receipt.at],
        [one, bob, 4, last.receipt.at],
      ])
      expect(await moved([one, two], mid.receipt.at)).toEqual([[one, bob, 4, last.receipt.at]])
      expect(await moved([one, two, three], last.receipt.at)).toEqual([])
      expect(await moved([], 0)).toEqual([])
      await dismiss(one, ann, bob)
      expect(await moved([one], 0)).toEqual([])
    })
  })

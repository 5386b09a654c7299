import { expect, it } from 'vitest'
import type { MessageFilter, MessageWindow } from '../application/ports/views.ts'
import type { ChatId, Instant, MessageId, UserId } from '../domain/ids.ts'
import { NO_REACTIONS } from '../domain/reaction.ts'
import { fold } from '../domain/words.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Chats` promises of messages and searching them. */
export const messagesContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: messages`, openStore, (scene) => {
    /** Ten messages `0` … `9` of two people in turns, other events between; `look` answers their texts, and what is on both sides. */
    async function ten() {
      const stage = scene()
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const chat = await stage.group(ann, bob)
      const seqs: number[] = []
      for (let i = 0; i < 10; i++) {
        seqs.push((await stage.send(chat, i % 2 ? bob : ann, `${i}`)).seq)
        if (i % 4 === 0) await stage.rename(chat, ann, `name ${i}`)
      }
      const look = async (window: MessageWindow, limit = 3, filter: MessageFilter = {}) => {
        const run = (await stage.chats.messages(bob, chat, window, filter, limit, true))!
        return [run.items.map(({ message }) => message.text).join(''), run.hasOlder, run.hasNewer, run.total]
      }
      return { ...stage, ann, bob, chat, seqs, look }
    }

    it('shows the newest messages', async () => {
      const { look, chats, bob, chat } = await ten()
      expect(await look({ kind: 'newest' })).toEqual(['789', true, false, 10])
      expect(await look({ kind: 'newest' }, 10)).toEqual(['0123456789', false, false, 10])
      expect((await chats.messages(bob, chat, { kind: 'newest' }, {}, 3, false))!.total).toBeUndefined()
    })

    it('shows the nearest messages below and above a place, itself left out', async () => {
      const { look, seqs } = await ten()
      expect(await look({ kind: 'before', seq: seqs[5]! })).toEqual(['234', true, true, 10])
      expect(await look({ kind: 'before', seq: seqs[2]! })).toEqual(['01', false, true, 10])
      expect(await look({ kind: 'before', seq: 1 })).toEqual(['', false, true, 10])
      expect(await look({ kind: 'before', seq: 1_000_000 })).toEqual(['789', true, false, 10])
      expect(await look({ kind: 'after', seq: seqs[5]! })).toEqual(['678', true, true, 10])
      expect(await look({ kind: 'after', seq: seqs[7]! })).toEqual(['89', true, false, 10])
      expect(await look({ kind: 'after', seq: 0 })).toEqual(['012', false, true, 10])
      expect(await look({ kind: 'after', seq: seqs[9]! })).toEqual(['', true, false, 10])
    })

    it('shows what is around a place: half of the limit below, the rest from it on', async () => {
      const { look, seqs } = await ten()
      expect(await look({ kind: 'around', seq: seqs[5]! }, 4)).toEqual(['3456', true, true, 10])
      expect(await look({ kind: 'around', seq: seqs[5]! }, 1)).toEqual(['5', true, true, 10])
      expect(await look({ kind: 'around', seq: seqs[4]! + 1 }, 4)).toEqual(['3456', true, true, 10])
      expect((await look({ kind: 'around', seq: seqs[0]! }, 4)).slice(0, 2)).toEqual([expect.stringMatching(/^01/), false])
    })

    it('counts from the first that matches, or from the last', async () => {
      const { look } = await ten()
      expect(await look({ kind: 'offset', offset: 0, fromEnd: false })).toEqual(['012', false, true, 10])
      expect(await look({ kind: 'offset', offset: 8, fromEnd: false })).toEqual(['89', true, false, 10])
      expect(await look({ kind: 'offset', offset: 10, fromEnd: false })).toEqual(['', true, false, 10])
      expect(await look({ kind: 'offset', offset: 0, fromEnd: true })).toEqual(['789', true, false, 10])
      expect(await look({ kind: 'offset', offset: 2, fromEnd: true })).toEqual(['567', true, true, 10])
      expect(await look({ kind: 'offset', offset: 9, fromEnd: true })).toEqual(['0', false, true, 10])
    })

    it('shows messages of one sender, in every window', async () => {
      const { look, seqs, bob } = await ten()
      const filter = { senderId: bob }
      expect(await look({ kind: 'newest' }, 3, filter)).toEqual(['579', true, false, 5])
      expect(await look({ kind: 'before', seq: seqs[4]! }, 3, filter)).toEqual(['13', false, true, 5])
      expect(await look({ kind: 'after', seq: seqs[4]! }, 2, filter)).toEqual(['57', true, true, 5])
      expect(await look({ kind: 'around', seq: seqs[4]! }, 2, filter)).toEqual(['35', true, true, 5])
      expect(await look({ kind: 'offset', offset: 3, fromEnd: false }, 3, filter)).toEqual(['79', true, false, 5])
      expect(await look({ kind: 'offset', offset: 1, fromEnd: true }, 3, filter)).toEqual(['357', true, true, 5])
    })

    it('shows what contains a text, in every window, in a long chat', async () => {
      const { persons, group, send, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const sent = await Promise.all(
        Array.from({ length: 400 }, (_, i) => send(chat, i % 2 ? ann : bob, i % 7 ? 'hay' : `hay and needle ${i}`)),
      )
      for (const senderId of [undefined, bob]) {
        const all = sent
          .filter(({ text, sender }) => text!.includes('needle') && (senderId === undefined || sender.id === senderId))
          .map((message) => message.seq)
          .toSorted((a, b) => a - b)
        for (const window of windowsAt([1, 127, 128, 129, 200, 255, 256, 401, 1_000], [0, 1, 5, 30, 1_000]))
          for (const limit of [1, 4, 100]) {
            const run = (await chats.messages(ann, chat, window, { query: 'needle', senderId }, limit, true))!
            const [start, end] = boundsOf(all, window, limit)
            const shown = {
              seqs: run.items.map(({ message }) => message.seq),
              hasOlder: run.hasOlder,
              hasNewer: run.hasNewer,
              total: run.total,
            }
            const expected = { seqs: all.slice(start, end), hasOlder: start > 0, hasNewer: end < all.length, total: all.length }
            expect(shown, JSON.stringify({ window, limit })).toEqual(expected)
          }
      }
    })

    it('covers everything once in both directions, whatever the size of a page', async () => {
      const { chats, bob, chat, seqs } = await ten()
      for (const limit of [1, 3, 4, 10, 11]) {
        const up: number[] = []
        for (let hasNewer = true; hasNewer; ) {
          const run = (await chats.messages(bob, chat, { kind: 'after', seq: up.at(-1) ?? 0 }, {}, limit, false))!
          up.push(...run.items.map(({ message }) => message.seq))
          hasNewer = run.hasNewer
        }
        expect(up).toEqual(seqs)
        const down: number[] = []
        for (let hasOlder = true; hasOlder; ) {
          const window: MessageWindow = down.length > 0 ? { kind: 'before', seq: down[0]! } : { kind: 'newest' }
          const run = (await chats.messages(bob, chat, window, {}, limit, false))!
          down.unshift(...run.items.map(({ message }) => message.seq))
          hasOlder = run.hasOlder
        }
        expect(down).toEqual(seqs)
      }
    })

    it('shows a message as it was sent, and as it became', async () => {
      const { persons, group, send, edit, remove, read, chats, newId } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const first = await send(chat, ann, 'первый')
      const sent = await send(chat, bob, 'a reply', { replyTo: first.id, key: 'k' })
      const one = async (id: MessageId) => (await chats.message(ann, chat, id))!.message
      expect(await one(sent.id)).toEqual({ message: sent, isRead: false, reactions: NO_REACTIONS })
      await read(chat, ann, sent.seq)
      const edited = await edit(chat, bob, sent.id, 'edited')
      expect(edited).toMatchObject({ text: 'edited', version: 2, changedSeq: 4, at: sent.at })
      expect(await one(sent.id)).toEqual({ message: { ...edited, sender: sent.sender }, isRead: true, reactions: NO_REACTIONS })
      const removed = await remove(chat, ann, sent.id)
      expect((await one(sent.id))!.message).toEqual({ ...removed, sender: sent.sender })
      expect(await chats.message(ann, chat, newId() as MessageId)).toEqual({ message: undefined })
      const elsewhere = await group(ann)
      expect(await chats.message(ann, elsewhere, sent.id)).toEqual({ message: undefined })
    })

    it('finds texts without regard to case, in any script, with % and _ as themselves', async () => {
      const { person, group, send, chats, freshName } = scene()
      const ann = await person()
      const chat = await group(ann)
      // In letters of which none of what is sought below consists.
      const mark = freshName().replace(/[0-9a-f]/g, (digit) => 'ghjkmnpqstuvwxyz'[Number.parseInt(digit, 16)]!)
      const texts = [
        `Привет, МИР ${mark}`,
        `Ёжик в тумане`,
        `100% of_it`,
        `100 percent`,
        `東京都に住んでいます`,
        `GROẞE straße`,
        `a\\b'c"d`,
        `ab`,
        `İstanbul`,
        `emoji 😀👍 here`,
      ]
      for (const text of texts) await send(chat, ann, text)
      const found = async (query: string) => {
        const page = await chats.search(ann, { query: fold(query) }, { limit: 20, count: true })
        const run = (await chats.messages(ann, chat, { kind: 'newest' }, { query: fold(query) }, 20, true))!
        const hits = page.items.map(({ message }) => texts.indexOf(message.text!))
        expect(run.items.map(({ message }) => texts.indexOf(message.text!))).toEqual([...hits].reverse())
        expect([page.total, run.total]).toEqual([hits.length, hits.length])
        return hits
      }
      expect(await found('ПРИВЕТ, мир')).toEqual([0])
      expect(await found('иР')).toEqual([0])
      expect(await found('ёЖ')).toEqual([1])
      expect(await found('0%')).toEqual([2])
      expect(await found('f_i')).toEqual([2])
      expect(await found('%_')).toEqual([])
      expect(await found('100')).toEqual([3, 2])
      expect(await found('京都')).toEqual([4])
      expect(await found('住んでい')).toEqual([4])
      expect(await found('große')).toEqual([5])
      expect(await found(`\\b'c"`)).toEqual([6])
      expect(await found('AB')).toEqual([7])
      expect(await found('😀👍')).toEqual([9])
      expect(await found(mark.slice(3, 15))).toEqual([0])
      expect(await found('"ab"')).toEqual([])
      expect(await found('nothing of the kind')).toEqual([])
    })

    it('finds a text as it is now: edited, not deleted', async () => {
      const { persons, group, send, edit, remove, eraseFrom, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const found = async (query: string) => (await chats.search(ann, { query }, { limit: 20 })).items.map(({ message }) => message.text)
      const one = await send(chat, ann, 'a blue needle')
      const two = await send(chat, ann, 'a green needle')
      await send(chat, bob, 'a bobs needle')
      await edit(chat, ann, one.id, 'a red needle')
      expect(await found('blue')).toEqual([])
      expect(await found('red need')).toEqual(['a red needle'])
      await remove(chat, ann, two.id)
      expect(await found('needle')).toEqual(['a bobs needle', 'a red needle'])
      await eraseFrom(chat, bob)
      expect(await found('needle')).toEqual(['a red needle'])
      expect((await chats.messages(ann, chat, { kind: 'newest' }, { query: 'needle' }, 10, true))!.total).toBe(1)
    })

    it('searches all of one’s own chats and no others, newest first, each match once over all pages', async () => {
      const stage = scene()
      const { persons, group, pair, send, tick, chats } = stage
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const [one, two, foreign] = [await group(ann, bob), await pair(ann, bob), await group(bob, cid)]
      const at = tick() + 1_000_000
      const ids: MessageId[] = []
      for (let i = 0; i < 9; i++)
        ids.push((await send(i % 2 ? one : two, i % 3 ? ann : bob, `needle ${i}`, { at: at + Math.floor(i / 3) })).id)
      await send(foreign, bob, 'needle elsewhere')
      const all = await allPages((from?: { at: Instant; id: MessageId }) => chats.search(ann, { query: 'needle' }, { limit: 2, from }))
      expect(all.map(({ message }) => message.id).sort()).toEqual([...ids].sort())
      expect(all.map(({ message }) => message.at)).toEqual([2, 2, 2, 1, 1, 1, 0, 0, 0].map((n) => at + n))
      await checkFilters(stage, { ann, bob, chat: one, foreign })
    })
  })

const windowsAt = (seqs: readonly number[], offsets: readonly number[]): MessageWindow[] => [
  { kind: 'newest' },
  ...seqs.flatMap((seq): MessageWindow[] => [
    { kind: 'before', seq },
    { kind: 'after', seq },
    { kind: 'around', seq },
  ]),
  ...offsets.flatMap((offset): MessageWindow[] => [
    { kind: 'offset', offset, fromEnd: false },
    { kind: 'offset', offset, fromEnd: true },
  ]),
]

/** From where to where a window shows a list of what matches. */
function boundsOf(all: readonly number[], window: MessageWindow, limit: number): readonly [start: number, end: number] {
  const below = (seq: number) => all.filter((other) => other < seq).length
  const upTo = (end: number): [number, number] => [Math.max(0, end - limit), end]
  const from = (start: number): [number, number] => [start, Math.min(all.length, start + limit)]
  switch (window.kind) {
    case 'newest':
      return upTo(all.length)
    case 'before':
      return upTo(below(window.seq))
    case 'after':
      return from(below(window.seq + 1))
    case 'around': {
      const half = Math.floor(limit / 2)
      const middle = below(window.seq)
      return [Math.max(0, middle - half), Math.min(all.length, middle + limit - half)]
    }
    case 'offset':
      return window.fromEnd ? upTo(Math.max(0, all.length - window.offset)) : from(Math.min(all.length, window.offset))
  }
}

async function checkFilters(
  { chats }: Scene,
  { ann, bob, chat, foreign }: Record<'ann' | 'bob', UserId> & Record<'chat' | 'foreign', ChatId>,
): Promise<void> {
  const total = async (filter: { chatId?: ChatId; senderId?: UserId }) =>
    (await chats.search(ann, { query: 'needle', ...filter }, { limit: 1, count: true })).total
  expect(await total({})).toBe(9)
  expect(await total({ chatId: chat })).toBe(4)
  expect(await total({ senderId: bob })).toBe(3)
  expect(await total({ chatId: chat, senderId: bob })).toBe(1)
  expect(await total({ chatId: foreign })).toBe(0)
}

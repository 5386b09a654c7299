import { expect, it } from 'vitest'
import type { UserId } from '../domain/ids.ts'
import { asMember } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { rulesOf } from './harness.ts'
import { type OpenStore } from './store-harness.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** What `ChatLog.change` promises of keys, refusals, numbers, times and announcements. */
export const logContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: the log, changing`, openStore, (scene) => {
    it('numbers events 1, 2, 3 … and messages too, however many are sent at once', async () => {
      const { persons, group, send, events } = scene()
      const people = await persons(3)
      const chat = await group(people[0]!, ...people.slice(1))
      const texts = upTo(150).map((i) => `text ${i}`)
      const sent = await Promise.all(texts.map((text, i) => send(chat, people[i % 3]!, text)))
      expect(sent.map((message) => message.seq).sort((a, b) => a - b)).toEqual(upTo(150).map((i) => i + 1))
      const log = await events(chat)
      expect(log.map((event) => event.seq)).toEqual(upTo(151))
      const stored = log.flatMap((event) => (event.type === 'message.sent' ? [event.message] : []))
      expect(stored.map((message) => message.n)).toEqual(upTo(150))
      expect(new Set(stored.map((message) => message.text))).toEqual(new Set(texts))
      for (const message of sent) expect(stored[message.n - 1]).toMatchObject({ id: message.id, seq: message.seq, text: message.text })
    })

    it('keeps the order of somebody who waits for each answer, among others who send', async () => {
      const { persons, group, send, events } = scene()
      const people = await persons(3)
      const chat = await group(people[0]!, ...people.slice(1))
      await Promise.all(
        people.map(async (sender) => {
          for (const i of upTo(8)) await send(chat, sender, `${i}`)
        }),
      )
      const log = await events(chat)
      for (const sender of people) {
        const texts = log.flatMap((event) =>
          event.type === 'message.sent' && event.message.sender.id === sender ? [event.message.text] : [],
        )
        expect(texts).toEqual(upTo(8).map(String))
      }
    })

    it('stores one message for one key, and answers every retry with it, at once or later', async () => {
      const { persons, group, submit, draftOf, send, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const attempts = upTo(8).map(() => draftOf(ann, 'once', { key: 'k' }))
      const answers = await Promise.all(attempts.flatMap((draft, i) => [submit(chat, draft), send(chat, bob, `${i}`)]))
      const sent = answers.flatMap((answer) => ('replayed' in answer ? [answer] : []))
      expect(new Set(sent.map((answer) => answer.message.id)).size).toBe(1)
      expect(new Set(sent.map((answer) => answer.message.seq)).size).toBe(1)
      expect(sent.filter((answer) => !answer.replayed)).toHaveLength(1)
      const later = await submit(chat, draftOf(ann, 'once', { key: 'k' }))
      expect(later).toMatchObject({ replayed: true, message: { id: sent[0]!.message.id, seq: sent[0]!.message.seq } })
      expect(await events(chat)).toHaveLength(1 + 1 + 8)
    })

    it('scopes a key to its chat and its sender', async () => {
      const { persons, group, send } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chats = [await group(ann, bob), await group(ann, bob)] as const
      const sent = await Promise.all(chats.flatMap((chat) => [ann, bob].map((sender) => send(chat, sender, 'hi', { key: 'k' }))))
      expect(new Set(sent.map((message) => message.id)).size).toBe(4)
    })

    it('takes keys as they are: long ones, and such as differ in case or accent only', async () => {
      const { person, group, submit, draftOf } = scene()
      const ann = await person()
      const chat = await group(ann)
      const keys = ['k', 'K', 'ключ', 'Ключ', 'é', 'e\u0301', '%', '_', ' k', "'; drop", '😀'.repeat(64), 'x'.repeat(128)]
      const first = await Promise.all(keys.map((key) => submit(chat, draftOf(ann, 'hi', { key }))))
      expect(first.map((answer) => answer.replayed)).toEqual(keys.map(() => false))
      const again = await Promise.all(keys.map((key) => submit(chat, draftOf(ann, 'hi', { key }))))
      expect(again.map((answer) => [answer.replayed, answer.message.id, answer.message.clientMessageId])).toEqual(
        first.map((answer, i) => [true, answer.message.id, keys[i]]),
      )
    })

    it('refuses a key with other content, and stores the first one alone', async () => {
      const { person, group, send, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const outcomes = await Promise.allSettled(['one', 'other'].map((text) => send(chat, ann, text, { key: 'k' })))
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
      await expect(send(chat, ann, 'third', { key: 'k' })).rejects.toMatchObject({ code: 'key-reused' })
      expect(await events(chat)).toHaveLength(2)
    })

    it('undoes a refused call alone: what others sent in the same moment is there, without holes', async () => {
      const { persons, group, send, events } = scene()
      const [ann, stranger] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann)
      const outcomes = await Promise.allSettled(upTo(40).map((i) => send(chat, i % 3 === 0 ? stranger : ann, `${i}`)))
      expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'sent'))).toEqual(
        upTo(40).map((i) => (i % 3 === 0 ? 'chat-not-found' : 'sent')),
      )
      expect((await events(chat)).map((event) => event.seq)).toEqual(upTo(1 + 27))
    })

    it('fails a call alone whose decision is broken, with what it threw', async () => {
      const { person, group, log, send, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const thrown = new Error('broken')
      const broken = () =>
        log.change({ chat }, () => {
          throw thrown
        })
      const outcomes = await Promise.allSettled([send(chat, ann), broken(), send(chat, ann), broken(), send(chat, ann)])
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'])
      expect(outcomes[1]).toMatchObject({ reason: thrown })
      expect((await events(chat)).map((event) => event.seq)).toEqual(upTo(4))
    })

    it('commits nothing of a decision that is refused after a look, and goes on', async () => {
      const { person, group, log, send } = scene()
      const ann = await person()
      const chat = await group(ann)
      const no = log.change({ chat, members: [ann] }, (state) => {
        asMember(state, ann)
        throw new Refusal('last-owner')
      })
      await expect(no).rejects.toMatchObject({ code: 'last-owner' })
      expect((await send(chat, ann)).seq).toBe(2)
    })

    it('commits all events of a decision or none', async () => {
      const { persons, group, add, giveRole, person, newId, events, chats } = scene()
      const ann = await person()
      const others = await persons(40)
      const chat = await group(ann)
      await expect(add(chat, ann, ...others, newId() as UserId)).rejects.toMatchObject({ code: 'user-not-found' })
      expect(await events(chat)).toHaveLength(1)
      await add(chat, ann, ...others)
      expect((await events(chat)).map((event) => event.seq)).toEqual(upTo(41))
      await giveRole(chat, ann, others[0]!, 'owner')
      const roles = (await chats.membersOf(ann, chat, [ann, others[0]!]))!.map((member) => [member.person.id, member.role])
      expect(Object.fromEntries(roles)).toEqual({ [ann]: 'admin', [others[0]!]: 'owner' })
    })

    it('never lets the time go down', async () => {
      const { person, group, send, tick, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const later = tick()
      await send(chat, ann, 'one', { at: later })
      await Promise.all([send(chat, ann, 'two', { at: later - 50_000 }), send(chat, ann, 'three', { at: later - 90_000 })])
      const times = (await events(chat)).map((event) => event.at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(times.slice(1)).toEqual([later, later, later])
    })

    it('announces each commit once, in order, before its call resolves; and nothing where nothing happened', async () => {
      const { persons, group, send, submit, draftOf, announcedOf, events } = scene()
      const [ann, stranger] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann)
      expect(announcedOf(chat)).toHaveLength(1)
      await Promise.all(
        upTo(40).map(async (i) => {
          const { seq } = await send(chat, ann, `${i}`)
          expect(announcedOf(chat).some((event) => event.seq === seq)).toBe(true)
        }),
      )
      await submit(chat, draftOf(ann, 'again', { key: 'k' }))
      await submit(chat, draftOf(ann, 'again', { key: 'k' }))
      await expect(send(chat, stranger)).rejects.toThrow(Refusal)
      expect(announcedOf(chat).map((event) => event.seq)).toEqual(upTo(42))
      expect(announcedOf(chat)).toMatchObject((await events(chat)).map(({ type, seq, at, actorId }) => ({ type, seq, at, actorId })))
    })

    it('deletes a chat with all that it holds, tells of it once, and frees its key', async () => {
      const { persons, openGroup, send, disband, log, chats, announcedOf, receipts, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const { chatId: chat } = await openGroup(ann, [bob], { clientChatId: 'c' })
      const { id } = await send(chat, bob, 'secret needle')
      await receipts.advance({ chatId: chat, userId: ann, to: 2, at: tick() })
      await disband(chat, ann)
      expect(announcedOf(chat).at(-1)).toMatchObject({ type: 'chat.deleted', seq: 3, actorId: ann })
      expect(await log.read(chat, 0, 10)).toEqual([])
      expect(await chats.get(ann, chat)).toBeUndefined()
      expect(await chats.message(ann, chat, id)).toBeUndefined()
      expect((await chats.list(bob, {}, { limit: 10 })).items).toEqual([])
      expect((await chats.search(bob, { query: 'secret needle' }, { limit: 10 })).items).toEqual([])
      expect(await chats.standings(bob)).toEqual([])
      expect(await chats.heads([chat])).toEqual(new Map())
      expect(await receipts.advance({ chatId: chat, userId: ann, to: 2, at: tick() })).toBeUndefined()
      await expect(send(chat, ann)).rejects.toMatchObject({ code: 'chat-not-found' })
      const again = await openGroup(ann, [bob], { clientChatId: 'c' })
      expect(again.isNew).toBe(true)
      expect(await log.read(again.chatId, 0, 10)).toHaveLength(1)
    })
  })

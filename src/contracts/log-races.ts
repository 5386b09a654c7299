import { expect, it } from 'vitest'
import type { UserId } from '../domain/ids.ts'
import { leaverOf } from '../domain/kinds/kinds.ts'
import { edit } from '../domain/posting.ts'
import { rulesOf } from './harness.ts'
import { type OpenStore } from './store-harness.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** What `ChatLog.change` promises to those who ask at the same time. */
export const logRacesContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: the log, in a crowd`, openStore, (scene) => {
    it('keeps the logs of many chats apart that change at once', async () => {
      const { persons, group, send, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chats = await Promise.all(upTo(8).map(() => group(ann, bob)))
      await Promise.all(upTo(10).flatMap((i) => chats.map((chat) => send(chat, i % 2 ? ann : bob, `text ${i}`))))
      for (const chat of chats) {
        const log = await events(chat)
        expect(log.map((event) => event.seq)).toEqual(upTo(11))
        expect(log.every((event) => event.chatId === chat)).toBe(true)
      }
    })

    it('changes a message that was posted in the same moment', async () => {
      const { person, group, log, submit, draftOf, send, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const drafts = upTo(12).map((i) => draftOf(ann, `text ${i}`))
      const calls = drafts.flatMap((draft) => [
        submit(chat, draft),
        log.change({ chat, members: [ann], messages: [draft.id] }, (state) =>
          edit(state, { editorId: ann, messageId: draft.id, text: `${draft.text} edited`, at: draft.at }),
        ),
      ])
      const outcomes = await Promise.allSettled([send(chat, ann), ...calls])
      const stored = new Map(
        (await events(chat)).flatMap((event) => (event.type === 'message.sent' ? [[event.message.id, event.message]] : [])),
      )
      drafts.forEach((draft, i) => {
        expect(outcomes[1 + 2 * i]!.status).toBe('fulfilled')
        const isEdited = outcomes[2 + 2 * i]!.status === 'fulfilled'
        expect(stored.get(draft.id)).toMatchObject(
          isEdited ? { text: `${draft.text} edited`, version: 2 } : { text: draft.text, version: 1 },
        )
      })
    })

    it('opens one private chat for a pair, however many ask at once and from which side', async () => {
      const { persons, openPair, chats, events, send } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const opened = await Promise.all(upTo(8).map((i) => (i % 2 ? openPair(ann, bob) : openPair(bob, ann))))
      expect(new Set(opened.map((each) => each.chatId)).size).toBe(1)
      expect(opened.filter((each) => each.isNew)).toHaveLength(1)
      expect(await openPair(bob, ann)).toEqual({ chatId: opened[0]!.chatId, isNew: false })
      expect(await events(opened[0]!.chatId)).toHaveLength(1)
      await send(opened[0]!.chatId, ann)
      for (const one of [ann, bob]) expect((await chats.list(one, {}, { limit: 10 })).items).toHaveLength(1)
    })

    it('makes one group for a creation key, and another for the same key of somebody else', async () => {
      const { persons, openGroup } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const opened = await Promise.all(upTo(6).map(() => openGroup(ann, [bob], { clientChatId: 'c' })))
      expect(new Set(opened.map((each) => each.chatId)).size).toBe(1)
      expect(opened.filter((each) => each.isNew)).toHaveLength(1)
      const other = await openGroup(bob, [ann], { clientChatId: 'c' })
      expect(other).toMatchObject({ isNew: true })
      expect(other.chatId).not.toBe(opened[0]!.chatId)
    })

    it('opens many chats at once', async () => {
      const { persons, openGroup, openPair, log } = scene()
      const people = await persons(6)
      const pairs = people.flatMap((one, i) => people.slice(i + 1).map((other) => openPair(one, other)))
      const opened = await Promise.all([...pairs, ...people.map((owner) => openGroup(owner, []))])
      expect(new Set(opened.map((each) => each.chatId)).size).toBe(15 + 6)
      for (const { chatId } of opened) expect(await log.read(chatId, 0, 10)).toHaveLength(1)
    })

    it('makes one membership of parallel additions', async () => {
      const { persons, group, add, events, chats } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann)
      const added = await Promise.all([...upTo(6).map(() => add(chat, ann, bob)), add(chat, ann, cid, bob)])
      expect(added.flat().sort()).toEqual([bob, cid].sort())
      expect((await events(chat)).filter((event) => event.type === 'member.added')).toHaveLength(2)
      expect((await chats.get(ann, chat))?.chat).toMatchObject({ memberCount: 3, headSeq: 3, memberSeq: 3 })
    })

    it('lets nobody send after leaving, however the two meet', async () => {
      const { persons, group, dismiss, add, send, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const calls = upTo(30).map((i) =>
        i % 10 === 5 ? dismiss(chat, ann, bob) : i % 10 === 0 ? add(chat, ann, bob) : send(chat, bob, `${i}`),
      )
      await Promise.allSettled(calls)
      let isIn = true
      const isInAt: boolean[] = []
      for (const event of await events(chat)) {
        if (event.type === 'member.added') isIn = true
        if (leaverOf(event) === bob) isIn = false
        if (event.type === 'message.sent') isInAt.push(isIn)
      }
      expect(isInAt).toEqual(isInAt.map(() => true))
    })

    it('lets a deletion and sends meet: each is before it or refused', async () => {
      const { persons, group, send, disband, log, announcedOf } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const outcomes = await Promise.allSettled(upTo(20).map((i) => (i === 10 ? disband(chat, ann) : send(chat, bob, `${i}`))))
      expect(outcomes[9]!.status).toBe('fulfilled')
      const sent = outcomes.filter((outcome, i) => i !== 9 && outcome.status === 'fulfilled').length
      expect(announcedOf(chat).map((event) => event.seq)).toEqual(upTo(sent + 2))
      expect(announcedOf(chat).at(-1)!.type).toBe('chat.deleted')
      expect(await log.read(chat, 0, 100)).toEqual([])
    })
  })

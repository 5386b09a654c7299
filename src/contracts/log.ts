import { expect, it } from 'vitest'
import { type ChatState, look, nothing } from '../domain/chat.ts'
import { leaverOf } from '../domain/event.ts'
import { type ChatId, type ClientMessageId, type MessageId, sendKey, type UserId } from '../domain/ids.ts'
import { asMember } from '../domain/membership.ts'
import { edit, post } from '../domain/message.ts'
import { Refusal } from '../domain/refusal.ts'
import { type OpenStore, rulesOf } from './harness.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** What `ChatLog.change` promises. */
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
      expect(stored.map((message) => message.text).sort()).toEqual([...texts].sort())
      for (const message of sent) expect(stored[message.n - 1]).toMatchObject({ id: message.id, seq: message.seq, text: message.text })
    })

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
      outcomes.forEach((outcome, i) => {
        if ((i + 1) % 3 === 0) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'chat-not-found' } })
        else expect(outcome.status).toBe('fulfilled')
      })
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

    it('shows exactly what the scope names: absent is null, unnamed is not there, in company too', async () => {
      const { persons, group, send, log, newId } = scene()
      const [ann, bob, outsider] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      const first = await send(chat, ann, 'first', { key: 'k1' })
      await send(chat, bob, 'second', { key: 'k2' })
      const nobody = newId() as UserId
      const noMessage = newId() as MessageId
      const shown: ChatState[] = []
      const showing = () =>
        log.change(
          {
            chat,
            members: [ann, outsider],
            keys: [
              [ann, 'k1' as ClientMessageId],
              [bob, 'k1' as ClientMessageId],
            ],
            messages: [first.id, noMessage],
            people: [bob, nobody],
          },
          (state) => {
            shown.push({
              ...state,
              members: new Map(state.members),
              earlier: new Map(state.earlier),
              messages: new Map(state.messages),
              people: new Map(state.people),
            })
            return nothing(undefined)
          },
        )
      await Promise.all([send(chat, bob), showing(), send(chat, ann), showing(), send(chat, bob, 'x', { replyTo: first.id })])
      expect(shown.length).toBeGreaterThanOrEqual(2)
      for (const { chat: found, members, earlier, messages, people } of shown) {
        expect(found).toMatchObject({ id: chat, kind: 'group', name: 'Group', memberSeq: 1, memberCount: 2 })
        expect([...members.keys()].sort()).toEqual([ann, outsider].sort())
        expect(members.get(ann)).toMatchObject({ person: { id: ann, name: 'Ann' }, role: 'owner', joinedSeq: 1 })
        expect(members.get(outsider)).toBeNull()
        expect([...earlier.keys()].sort()).toEqual([sendKey(ann, 'k1' as ClientMessageId), sendKey(bob, 'k1' as ClientMessageId)].sort())
        expect(earlier.get(sendKey(ann, 'k1' as ClientMessageId))).toMatchObject({
          id: first.id,
          text: 'first',
          seq: 2,
          n: 1,
          bodyHash: first.bodyHash,
        })
        expect(earlier.get(sendKey(bob, 'k1' as ClientMessageId))).toBeNull()
        expect([...messages.keys()].sort()).toEqual([first.id, noMessage].sort())
        expect(messages.get(first.id)).toMatchObject({ id: first.id, text: 'first', version: 1, sender: { id: ann } })
        expect(messages.get(noMessage)).toBeNull()
        expect([...people.keys()].sort()).toEqual([bob, nobody].sort())
        expect(people.get(bob)).toMatchObject({ id: bob, name: 'Ann' })
        expect(people.get(nobody)).toBeNull()
      }
    })

    it('shows an unnamed part as an empty map, and no chat as null with everything named null', async () => {
      const { persons, group, log, newId } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann)
      const sizes = ({ members, earlier, messages, people }: ChatState) => [members.size, earlier.size, messages.size, people.size]
      expect(await log.change({ chat }, (state) => nothing(sizes(state)))).toEqual([0, 0, 0, 0])
      const absent = { chat: newId() as ChatId, members: [ann], keys: [[ann, 'k' as ClientMessageId] as const], people: [bob] }
      const seen = await log.change(absent, (state) =>
        nothing([state.chat, ...state.members.values(), ...state.earlier.values(), state.people.get(bob)?.id]),
      )
      expect(seen).toEqual([null, null, null, bob])
    })

    it('does not show a message of another chat', async () => {
      const { persons, group, send, log } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [here, there] = [await group(ann), await group(ann, bob)]
      const message = await send(there, ann)
      expect(await log.change({ chat: here, messages: [message.id] }, (state) => nothing(look(state.messages, message.id)))).toBeNull()
    })

    it('fails a decision that looks at what its scope forgot, though others name it in the same moment', async () => {
      const { persons, group, send, submit, draftOf, log, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const draft = draftOf(ann, 'hi')
      const forgetful = log.change({ chat, members: [bob], keys: [[ann, draft.clientMessageId]] }, (state) => post(state, draft))
      const outcomes = await Promise.allSettled([send(chat, ann), forgetful, submit(chat, draftOf(bob, 'ho'))])
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await events(chat)).toHaveLength(3)
    })

    it('tolerates a name that is named twice', async () => {
      const { person, group, log, send } = scene()
      const ann = await person()
      const chat = await group(ann)
      const { id, clientMessageId } = await send(chat, ann)
      const key = [ann, clientMessageId] as const
      const sizes = await log.change({ chat, members: [ann, ann], keys: [key, key], messages: [id, id], people: [ann, ann] }, (state) =>
        nothing([state.members.size, state.earlier.size, state.messages.size, state.people.size]),
      )
      expect(sizes).toEqual([1, 1, 1, 1])
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
      const { persons, openPair, chats, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const opened = await Promise.all(upTo(8).map((i) => (i % 2 ? openPair(ann, bob) : openPair(bob, ann))))
      expect(new Set(opened.map((each) => each.chatId)).size).toBe(1)
      expect(opened.filter((each) => each.isNew)).toHaveLength(1)
      expect(await openPair(bob, ann)).toEqual({ chatId: opened[0]!.chatId, isNew: false })
      for (const one of [ann, bob]) expect((await chats.list(one, {}, { limit: 10 })).items).toHaveLength(1)
      expect(await events(opened[0]!.chatId)).toHaveLength(1)
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

    it('shows roles, joining and leaving to the next decision', async () => {
      const { persons, group, add, dismiss, giveRole, log } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const bobNow = () => log.change({ chat, members: [bob] }, (state) => nothing({ member: look(state.members, bob), chat: state.chat! }))
      await giveRole(chat, ann, bob, 'admin')
      expect(await bobNow()).toMatchObject({ member: { role: 'admin', joinedSeq: 1 }, chat: { headSeq: 2, memberSeq: 1, memberCount: 2 } })
      await dismiss(chat, bob, bob)
      expect(await bobNow()).toMatchObject({ member: null, chat: { headSeq: 3, memberSeq: 3, memberCount: 1 } })
      await add(chat, ann, bob)
      expect(await bobNow()).toMatchObject({ member: { role: 'member', joinedSeq: 4 }, chat: { headSeq: 4, memberSeq: 4, memberCount: 2 } })
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
      for (const event of await events(chat)) {
        if (event.type === 'member.added') isIn = true
        if (leaverOf(event) === bob) isIn = false
        if (event.actorId === bob) expect(isIn).toBe(true)
      }
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

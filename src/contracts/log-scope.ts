import { expect, it } from 'vitest'
import { type ChatState, look, nothing } from '../domain/decision.ts'
import { type ChatId, type ClientMessageId, type MessageId, sendKey, type UserId } from '../domain/ids.ts'
import { post } from '../domain/posting.ts'
import { rulesOf } from './harness.ts'
import { type OpenStore } from './store-harness.ts'

/** What `ChatLog.change` shows to a decision. */
export const logScopeContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: the log, showing`, openStore, (scene) => {
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
            earlier: [
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
      const absent = { chat: newId() as ChatId, members: [ann], earlier: [[ann, 'k' as ClientMessageId] as const], people: [bob] }
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
      const forgetful = log.change({ chat, members: [bob], earlier: [[ann, draft.clientMessageId]] }, (state) => post(state, draft))
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
      const sizes = await log.change({ chat, members: [ann, ann], earlier: [key, key], messages: [id, id], people: [ann, ann] }, (state) =>
        nothing([state.members.size, state.earlier.size, state.messages.size, state.people.size]),
      )
      expect(sizes).toEqual([1, 1, 1, 1])
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
  })

import { expect, it } from 'vitest'
import { combiner, type ReactionCommand } from '../application/messages/reacting.ts'
import type { ReactorPosition } from '../application/ports/views.ts'
import type { ChatId, MessageId, UserId } from '../domain/ids.ts'
import { ALL_PINS } from '../domain/pin.ts'
import { pin, unpin } from '../domain/pinning.ts'
import { type Emoji, emojiOf } from '../domain/reaction.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** What people do to messages besides writing them. */
function reactingIn(scene: Scene) {
  const { react: begin } = combiner({ ...scene, clock: scene.tick, later: (run) => run() })
  const reacting =
    (on: boolean) =>
    (chatId: ChatId, userId: UserId, messageId: MessageId, emoji = '👍', more: Partial<ReactionCommand> = {}) =>
      begin(chatId, { userId, messageId, emoji, on, ...more })
  const pinning = (decide: typeof pin) => (chat: ChatId, userId: UserId, messageId: MessageId) => {
    const command = { userId, messageId, at: scene.tick() }
    return scene.log.change({ chat, members: [userId], messages: [messageId], pins: [ALL_PINS] }, (state) => decide(state, command))
  }
  const who = async (viewer: UserId, chat: ChatId, seq: number, emoji?: string) => {
    const of = { seq, emoji: emoji === undefined ? undefined : emojiOf(emoji) }
    return allPages((from?: ReactorPosition) => scene.chats.reactions(viewer, chat, of, { limit: 2, from }))
  }
  return { react: reacting(true), takeBack: reacting(false), pin: pinning(pin), unpin: pinning(unpin), who }
}

/** Reactions and pins: what is told, and what is read afterwards. */
export const reactionsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: reactions and pins`, openStore, (scene) => {
    async function world(people = 3) {
      const stage = scene()
      const [ann, bob, eve, ...others] = (await stage.persons(people)) as [UserId, UserId, UserId, ...UserId[]]
      const chat = await stage.group(ann, bob, eve, ...others)
      const message = await stage.send(chat, ann)
      return { ...stage, ...reactingIn(stage), ann, bob, eve, others, chat, message }
    }
    type World = Awaited<ReturnType<typeof world>>
    const shownTo = async ({ chats, chat, message }: World, viewer: UserId) => {
      const { sums, changedSeq, own } = (await chats.message(viewer, chat, message.id))!.message!.reactions
      return [sums.map(({ emoji, count }) => `${emoji} ${count}`), changedSeq, own] as const
    }

    it('shows a message with its reactions, and to each viewer their own', async () => {
      const at = await world()
      const { react, takeBack, chat, message, ann, bob, eve, chats } = at
      expect(await shownTo(at, bob)).toEqual([[], undefined, []])
      await react(chat, bob, message.id)
      await react(chat, eve, message.id, '❤️')
      await react(chat, eve, message.id)
      const seq = message.seq
      expect(await shownTo(at, ann)).toEqual([['👍 2', '❤️ 1'], seq + 3, []])
      expect(await shownTo(at, bob)).toEqual([['👍 2', '❤️ 1'], seq + 3, ['👍']])
      expect(await shownTo(at, eve)).toEqual([['👍 2', '❤️ 1'], seq + 3, ['👍', '❤️']])
      await takeBack(chat, eve, message.id, '❤')
      const same = await shownTo(at, eve)
      expect(same).toEqual([['👍 2'], seq + 4, ['👍']])
      const page = (await chats.messages(eve, chat, { kind: 'newest' }, {}, 10, false))!.items
      const found = await chats.search(eve, { query: 'hello' }, { limit: 10 })
      const listed = await chats.list(eve, {}, { limit: 10 })
      for (const view of [page.at(-1), found.items[0], listed.items[0]!.lastMessage])
        expect(view!.reactions).toEqual((await chats.message(eve, chat, message.id))!.message!.reactions)
      await takeBack(chat, bob, message.id)
      await takeBack(chat, eve, message.id)
      expect(await shownTo(at, eve)).toEqual([[], seq + 6, []])
    })

    it('tells what happened in the log, with the reactions as they are now', async () => {
      const { react, takeBack, chat, message, bob, eve, events, log } = await world()
      await react(chat, bob, message.id, '❤️')
      await react(chat, eve, message.id, '❤')
      await takeBack(chat, bob, message.id, '❤')
      const now = { reactions: [{ emoji: '❤️', count: 1, userIds: [eve] }], reactionsSeq: message.seq + 3 }
      const common = { type: 'message.reacted', messageId: message.id, messageSeq: message.seq }
      expect((await events(chat)).slice(-3)).toMatchObject([
        { ...common, actorId: bob, changes: [{ emoji: '❤️', on: true, userIds: [bob] }], ...now },
        { ...common, actorId: eve, changes: [{ emoji: '❤️', on: true, userIds: [eve] }], ...now },
        { ...common, actorId: bob, changes: [{ emoji: '❤️', on: false, userIds: [bob] }], ...now },
      ])
      const [sent] = await log.read(chat, message.seq - 1, 1)
      expect(sent).toMatchObject({ reactions: { sums: now.reactions, changedSeq: now.reactionsSeq } })
    })

    it('lists who has reacted, oldest first, to members alone', async () => {
      const { react, takeBack, chat, message, ann, bob, eve, others, who, chats, person } = await world(6)
      for (const [i, id] of [bob, eve, ...others].entries()) await react(chat, id, message.id, i % 2 ? '👍' : '❤️')
      await react(chat, eve, message.id, '❤')
      const all = await who(ann, chat, message.seq)
      expect(all.map(({ person: { id }, emoji }) => [id, emoji])).toEqual([
        [bob, '❤️'],
        [eve, '👍'],
        ...others.map((id, i) => [id, i % 2 ? '👍' : '❤️']),
        [eve, '❤️'],
      ])
      for (const [i, { at }] of all.entries()) expect(at).toBeGreaterThan(i === 0 ? 0 : all[i - 1]!.at)
      expect((await who(ann, chat, message.seq, '❤')).map(({ person: { id } }) => id)).toEqual([bob, others[0], others[2], eve])
      await takeBack(chat, bob, message.id, '❤️')
      const one = { seq: message.seq, emoji: '❤' as Emoji }
      expect(await chats.reactions(ann, chat, one, { limit: 1, count: true })).toMatchObject({
        total: 3,
        items: [{ person: { id: others[0] } }],
      })
      expect(await chats.reactions(ann, chat, { seq: 1, emoji: undefined }, { limit: 5 })).toMatchObject({ items: [] })
      expect(await chats.reactions(await person(), chat, one, { limit: 5 })).toBeUndefined()
    })

    it('keeps one reaction of each person and kind, however many come at once', async () => {
      const at = await world(8)
      const { react, takeBack, chat, message, bob, eve, others, who, ann } = at
      const some = [bob, eve, ...others]
      await Promise.all(some.flatMap((id) => [react(chat, id, message.id), react(chat, id, message.id), react(chat, id, message.id, '🎉')]))
      expect((await shownTo(at, ann))[0]).toEqual(['👍 7', '🎉 7'])
      await Promise.all(some.flatMap((id) => [takeBack(chat, id, message.id), react(chat, id, message.id), takeBack(chat, id, message.id)]))
      expect((await shownTo(at, ann))[0]).toEqual(['🎉 7'])
      expect(await who(ann, chat, message.seq)).toHaveLength(7)
    })

    it('removes a kind of reaction of everybody', async () => {
      const at = await world(6)
      const { react, takeBack, chat, message, ann, bob, eve, others, events } = at
      for (const id of [bob, eve, ...others]) await react(chat, id, message.id)
      await react(chat, bob, message.id, '❤️')
      await expect(takeBack(chat, bob, message.id, '👍', { everyone: true })).rejects.toMatchObject({ code: 'not-allowed' })
      await takeBack(chat, ann, message.id, '👍', { everyone: true })
      expect((await events(chat)).at(-1)).toMatchObject({
        actorId: ann,
        changes: [{ on: false, userIds: expect.arrayContaining([bob, eve, ...others]) }],
      })
      expect(await shownTo(at, bob)).toEqual([['❤️ 1'], message.seq + 7, ['❤️']])
    })

    it('leaves nothing of the reactions to a deleted message, nor of its pin', async () => {
      const at = await world()
      const { react, pin: pinned, chat, message, ann, bob, remove, who, chats, events } = at
      await react(chat, bob, message.id)
      await pinned(chat, ann, message.id)
      const deleted = await remove(chat, ann, message.id)
      expect(await shownTo(at, bob)).toEqual([[], undefined, []])
      expect(await who(bob, chat, message.seq)).toEqual([])
      expect(await chats.pins(bob, chat)).toEqual({ pins: [], headSeq: deleted.changedSeq })
      expect((await events(chat)).at(-3)).toMatchObject({ type: 'message.reacted', reactions: [], reactionsSeq: message.seq })
      await expect(react(chat, bob, message.id)).rejects.toMatchObject({ code: 'message-deleted' })
    })

    it('lists pins, newest first, with the head of the log', async () => {
      const { pin: pinned, unpin: unpinned, chat, message, ann, bob, send, giveRole, chats, events, person } = await world()
      const second = await send(chat, bob, 'second')
      await giveRole(chat, ann, bob, 'admin')
      await pinned(chat, bob, second.id)
      await pinned(chat, ann, message.id)
      const { pins, headSeq } = (await chats.pins(bob, chat))!
      expect(pins.map(({ view, by }) => [view.message.id, by.id, view.message.text])).toEqual([
        [message.id, ann, 'hello'],
        [second.id, bob, 'second'],
      ])
      expect(headSeq).toBe((await chats.heads([chat])).get(chat))
      expect((await events(chat)).at(-1)).toMatchObject({
        type: 'message.pinned',
        messageId: message.id,
        messageSeq: message.seq,
        actorId: ann,
      })
      await unpinned(chat, ann, message.id)
      expect((await chats.pins(ann, chat))!.pins).toHaveLength(1)
      expect(await chats.pins(await person(), chat)).toBeUndefined()
    })

    it('forgets what an erased person has reacted, without counting it', async () => {
      const at = await world()
      const { react, pin: pinned, chat, message, ann, bob, eve, send, eraseFrom, chats, people, log, tick, who, dismiss, events } = at
      const ofBob = await send(chat, bob, 'mine')
      await react(chat, bob, message.id)
      await react(chat, eve, message.id)
      await react(chat, bob, message.id, '🎉')
      await react(chat, eve, ofBob.id)
      await react(chat, bob, ofBob.id)
      await pinned(chat, ann, ofBob.id)
      await dismiss(chat, ann, bob)
      await people.erase(bob, tick())
      expect(await chats.toErase(bob)).toMatchObject([{ chatId: chat }])
      await log.eraseTraces({ chatId: chat, userId: bob })
      await eraseFrom(chat, bob)
      expect(await chats.toErase(bob)).toEqual([])
      expect(await shownTo(at, eve)).toEqual([['👍 1'], ofBob.seq + 3, ['👍']])
      expect((await who(ann, chat, message.seq)).map(({ person: { id } }) => id)).toEqual([eve])
      expect(await who(ann, chat, ofBob.seq)).toEqual([])
      expect((await chats.pins(ann, chat))!.pins).toEqual([])
      expect((await log.read(chat, ofBob.seq, 1))[0]).toMatchObject({
        changes: [],
        reactions: [{ emoji: '👍', count: 1, userIds: [eve] }],
      })
      const told = (await events(chat)).flatMap((event) => (event.type === 'message.reacted' ? event.changes : []))
      expect(new Set(told.flatMap(({ userIds }) => userIds))).toEqual(new Set([eve]))
    })
  })

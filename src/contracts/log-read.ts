import { expect, it } from 'vitest'
import type { ChatId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import { type OpenStore } from './store-harness.ts'

/** What `ChatLog.read` promises. */
export const logReadContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: the log, reading`, openStore, (scene) => {
    it('tells of a message whether everybody else has read it by now', async () => {
      const stage = scene()
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const { chatId: chat } = await stage.openGroup(ann, [bob], { name: 'Two', clientChatId: 'c' })
      const first = await stage.send(chat, ann, 'first')
      await stage.send(chat, ann, 'second')
      await stage.receipts.advance({ chatId: chat, userId: bob, to: first.seq, at: 1 })
      const sent = (await stage.events(chat)).filter((event) => event.type === 'message.sent')
      expect(sent.map(({ isRead }) => isRead)).toEqual([true, false])
    })

    it('reads an event of a kind that a newer process wrote as its common members, counts it, and goes on behind it', async () => {
      const stage = scene()
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const chat = await stage.group(ann, bob)
      await stage.send(chat, ann, 'before')
      const unknown = { type: 'unknown', kind: 'message.probed', chatId: chat, seq: 3, at: stage.tick(), actorId: bob } as const
      await stage.appendUnknown(unknown)
      const after = await stage.send(chat, bob, 'after')
      expect(after).toMatchObject({ seq: 4, n: 2 })
      await stage.rename(chat, ann, 'Further')
      const log = await stage.events(chat)
      expect(log.map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'chat.created'],
        [2, 'message.sent'],
        [3, 'unknown'],
        [4, 'message.sent'],
        [5, 'chat.renamed'],
      ])
      expect(log[2]).toEqual(unknown)
      expect(await stage.log.read(chat, 2, 1)).toEqual([unknown])
      expect((await stage.read(chat, ann, 3)).receipt.readSeq).toBe(3)
      expect((await stage.read(chat, ann, 5)).unread).toBe(0)
    })

    it('tells everything that can happen, as it was announced', async () => {
      const stage = scene()
      const [ann, bob, cid] = (await stage.persons(3)) as [UserId, UserId, UserId]
      const { chatId: chat } = await stage.openGroup(ann, [bob], { name: 'Друзья', clientChatId: 'c' })
      await stage.rename(chat, ann, 'Friends 😀')
      await stage.add(chat, ann, cid)
      const first = await stage.send(chat, bob, 'first')
      await stage.send(chat, cid, 'a reply', { replyTo: first.id, key: 'key' })
      await stage.edit(chat, bob, first.id, 'first, edited')
      await stage.giveRole(chat, ann, bob, 'owner')
      await stage.dismiss(chat, bob, cid)
      await stage.remove(chat, bob, first.id)
      await stage.dismiss(chat, ann, ann)
      const log = await stage.events(chat)
      expect(log.map((event) => [event.seq, event.type, event.actorId])).toEqual([
        [1, 'chat.created', ann],
        [2, 'chat.renamed', ann],
        [3, 'member.added', ann],
        [4, 'message.sent', bob],
        [5, 'message.sent', cid],
        [6, 'message.edited', bob],
        [7, 'member.role_changed', ann],
        [8, 'member.role_changed', ann],
        [9, 'member.removed', bob],
        [10, 'message.deleted', bob],
        [11, 'member.left', ann],
      ])
      const told = stage.announcedOf(chat)
      expect(log.map((event) => event.at)).toEqual(told.map((event) => event.at))
      const [created, renamed, added, , reply, edited, handed, taken, removed, deleted, left] = log
      expect(created).toMatchObject({ chatId: chat, kind: 'group', name: 'Друзья' })
      expect(created?.type === 'chat.created' && created.members.map(({ person, role }) => [person.id, person.name, role])).toEqual([
        [ann, 'Ann', 'owner'],
        [bob, 'Ann', 'member'],
      ])
      expect(renamed).toMatchObject({ name: 'Friends 😀' })
      expect(added).toMatchObject({ person: { id: cid, name: 'Ann' }, role: 'member' })
      expect(reply).toMatchObject({
        message: {
          chatId: chat,
          seq: 5,
          n: 2,
          sender: { id: cid },
          clientMessageId: 'key',
          text: 'a reply',
          replyTo: first.id,
          version: 1,
        },
      })
      expect(edited).toMatchObject({ messageId: first.id, messageSeq: 4, text: undefined, editedAt: edited!.at })
      expect([handed, taken]).toMatchObject([
        { userId: bob, role: 'owner' },
        { userId: ann, role: 'admin' },
      ])
      expect(removed).toMatchObject({ userId: cid })
      expect(deleted).toMatchObject({ messageId: first.id, messageSeq: 4, deletedAt: deleted!.at })
      expect(left).toMatchObject({ userId: ann })
    })

    it('reads in pages above a number, without holes, and nothing above the head', async () => {
      const { person, group, send, edit, rename, log } = scene()
      const ann = await person()
      const chat = await group(ann)
      for (let i = 0; i < 10; i++) {
        const { id } = await send(chat, ann, `${i}`)
        await edit(chat, ann, id, `${i}!`)
        if (i % 3 === 0) await rename(chat, ann, `name ${i}`)
      }
      const seqs = async (after: number, limit: number) => (await log.read(chat, after, limit)).map((event) => event.seq)
      expect(await seqs(0, 100)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
      expect(await seqs(0, 1)).toEqual([1])
      expect(await seqs(7, 5)).toEqual([8, 9, 10, 11, 12])
      expect(await seqs(20, 100)).toEqual([21, 22, 23, 24, 25])
      expect(await seqs(25, 10)).toEqual([])
      expect(await seqs(1_000_000, 10)).toEqual([])
    })

    it('reads nothing of a chat that does not exist', async () => {
      const { log, newId } = scene()
      expect(await log.read(newId() as ChatId, 0, 10)).toEqual([])
    })

    it('tells texts as they are now, version included', async () => {
      const { person, group, send, edit, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const { id } = await send(chat, ann, 'one')
      await edit(chat, ann, id, 'two')
      await edit(chat, ann, id, 'three')
      const [, sent, first, second] = await events(chat)
      expect(sent).toMatchObject({
        type: 'message.sent',
        message: { text: 'three', version: 3, editedAt: second!.at, deletedAt: undefined },
      })
      expect(first).toMatchObject({ type: 'message.edited', text: 'three', version: 3 })
      expect(second).toMatchObject({ type: 'message.edited', text: 'three', version: 3 })
    })

    it('tells no text of a deleted message', async () => {
      const { person, group, send, edit, remove, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const { id } = await send(chat, ann, 'secret')
      await edit(chat, ann, id, 'secret two')
      await remove(chat, ann, id)
      const log = await events(chat)
      expect(JSON.stringify(log)).not.toContain('secret')
      expect(log[1]).toMatchObject({ message: { id, seq: 2, text: undefined, deletedAt: log[3]!.at } })
    })

    it('tells names as they are now, and none of somebody who was deleted', async () => {
      const { person, group, add, send, people, events, tick, freshName } = scene()
      const [ann, bob] = [await person({ name: 'Ann' }), await person({ name: 'Bob' })]
      const chat = await group(ann)
      await add(chat, ann, bob)
      await send(chat, bob)
      const username = freshName()
      await people.rename(bob, { name: 'Борис', username })
      const [, added, sent] = await events(chat)
      expect(added).toMatchObject({ person: { id: bob, name: 'Борис', username } })
      expect(sent).toMatchObject({ message: { sender: { id: bob, name: 'Борис', username } } })
      await people.erase(bob, tick())
      await people.erase(ann, tick())
      const [created, ...rest] = await events(chat)
      expect(created).toMatchObject({ members: [{ person: { id: ann, name: undefined, username: undefined } }] })
      expect(rest).toMatchObject([
        { person: { id: bob, name: undefined } },
        { message: { sender: { id: bob, name: undefined, username: undefined } } },
      ])
    })

    it('keeps every text as it was sent', async () => {
      const { person, group, send, edit, events, chats } = scene()
      const ann = await person()
      const chat = await group(ann)
      const texts = [
        'a\nb\r\nc\td',
        `'"\\%_ -- ; $1 ? :x`,
        '😀👩‍👩‍👧',
        'עברית ‏العربية',
        '漢字かな交じり文',
        'e\u0301 \u00e9',
        '\u0001\u007f\ufeff\u2028',
        '😀'.repeat(4_096),
        '{"json":null}',
      ]
      const sent = await Promise.all(texts.map((text) => send(chat, ann, text)))
      const log = await events(chat)
      expect(log.slice(1).map((event) => (event.type === 'message.sent' ? event.message.text : undefined))).toEqual(texts)
      await edit(chat, ann, sent[0]!.id, texts[4]!)
      expect(await chats.message(ann, chat, sent[0]!.id)).toMatchObject({ message: { message: { text: texts[4] } } })
    })

    it('takes nothing any longer from somebody who was deleted, alone and among others', async () => {
      const { persons, pair, group, send, edit, people, tick, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chats = [await pair(ann, bob), await group(ann, bob)]
      const earlier = await Promise.all(chats.map((chat) => send(chat, bob, 'earlier')))
      await people.erase(bob, tick())
      for (const [i, chat] of chats.entries()) {
        const before = (await events(chat)).length
        await expect(send(chat, bob)).rejects.toMatchObject({ code: 'session-ended' })
        await expect(edit(chat, bob, earlier[i]!.id, 'changed')).rejects.toMatchObject({ code: 'session-ended' })
        const [late] = await Promise.allSettled([send(chat, bob), send(chat, ann), send(chat, ann)])
        expect(late).toMatchObject({ status: 'rejected', reason: { code: 'session-ended' } })
        expect(await events(chat)).toHaveLength(before + 2)
      }
    })

    it('erases the texts of one author, their own alone, and still knows their keys', async () => {
      const { persons, group, send, submit, draftOf, edit, remove, eraseFrom, events, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const secret = await send(chat, bob, 'secret', { key: 'k' })
      const other = await send(chat, ann, 'hello')
      const edited = await send(chat, bob, 'secret too')
      await edit(chat, bob, edited.id, 'secret again')
      const gone = await send(chat, bob, 'secret, removed')
      const { deletedAt } = await remove(chat, bob, gone.id)
      const replay = await submit(chat, draftOf(bob, 'secret', { key: 'k' }))
      expect(replay.message.id).toBe(secret.id)
      expect(await eraseFrom(chat, bob)).toBe('erased')
      const log = await events(chat)
      expect(log.slice(-2)).toMatchObject([
        { type: 'author.erased', userId: bob },
        { type: 'member.left', userId: bob },
      ])
      expect(JSON.stringify(log)).not.toContain('secret')
      const run = await chats.messages(ann, chat, { kind: 'newest' }, {}, 10, false)
      expect(run!.items.map(({ message }) => [message.id, message.text, message.deletedAt])).toEqual([
        [secret.id, undefined, log.at(-2)!.at],
        [other.id, 'hello', undefined],
        [edited.id, undefined, log.at(-2)!.at],
        [gone.id, undefined, deletedAt],
      ])
    })
  })

import { expect, it } from 'vitest'
import { happened } from '../domain/decision.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** A change of a chat that some stores cannot write: its message has the id of another one. Whether it succeeds is up to the store. */
const poison = ({ log, tick }: Scene, chat: ChatId, taken: Message) =>
  log.change({ chat }, ({ chat: now }) => {
    const message = { ...taken, chatId: chat, seq: now!.headSeq + 1, n: now!.headN + 1, at: tick() }
    return happened(now!, message.at, [{ type: 'message.sent', actorId: taken.sender.id, message }], undefined)
  })

/** After a change that the store could not write, every port works on, and what was waiting beside it has been carried out. */
export async function worksAfterFailedWrite(scene: Scene): Promise<void> {
  const { persons, group, send, events, read, person, rename, people } = scene
  const [ann, bob] = (await persons(2)) as [UserId, UserId]
  const [chat, poisoned] = [await group(ann, bob), await group(ann, bob)]
  const taken = await send(chat, ann, 'first')
  await Promise.allSettled([poison(scene, poisoned, taken)])
  await send(chat, bob, 'after it')
  const [, sent] = await Promise.allSettled([poison(scene, poisoned, taken), send(chat, ann, 'beside it'), read(chat, bob, 2)])
  expect(sent.status).toBe('fulfilled')
  await rename(chat, ann, 'Further')
  expect((await events(chat)).map(({ type }) => type)).toEqual([
    'chat.created',
    'message.sent',
    'message.sent',
    'message.sent',
    'chat.renamed',
  ])
  expect((await read(chat, ann, 4)).receipt.readSeq).toBe(4)
  expect(await people.get(await person())).toBeDefined()
}

/** What holds after a call has failed in the middle: it leaves nothing behind, and the next one works. */
export const failuresContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: after a failure`, openStore, (scene) => {
    it('works on after a change that could not be written', async () => {
      await expect(worksAfterFailedWrite(scene())).resolves.toBeUndefined()
    })

    it('keeps nothing of a decision that throws', async () => {
      const { person, group, log, send, events } = scene()
      const ann = await person()
      const chat = await group(ann)
      const bug = new Error('a bug')
      const failing = () =>
        log.change({ chat, members: [ann] }, ({ members }) => {
          members.clear()
          throw bug
        })
      await expect(failing()).rejects.toBe(bug)
      const [failed, sent] = await Promise.allSettled([failing(), send(chat, ann, 'beside it')])
      expect([failed.status, sent.status]).toEqual(['rejected', 'fulfilled'])
      expect(await events(chat)).toHaveLength(2)
    })

    it('moves marks on after one that could not be written', async () => {
      const { persons, group, send, read, receipts } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [chat, other] = [await group(ann, bob), await group(ann, bob)]
      await send(chat, ann)
      await send(other, ann)
      await Promise.allSettled([receipts.advance({ chatId: other, userId: bob, to: 2, at: Number.NaN })])
      expect((await read(chat, bob, 2)).receipt.readSeq).toBe(2)
    })
  })

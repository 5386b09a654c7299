import { describe, expect, it } from 'vitest'
import { userTopic } from '../../../src/application/ports/bus.ts'
import { holding, processes } from './unpolled.ts'

describe('somebody who is removed while a seat is being placed', () => {
  it('hears no more of who has read, once the chat is gone', async () => {
    const held = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, standings: held.slowly(chats.standings) } }) })
    const [ann, bob, cyd] = [await here.person('Ann'), await here.person('Bob'), await here.person('Cyd')]
    const chatId = await here.group(ann, [bob, cyd])
    await here.say(ann, chatId)
    await here.live(ann)
    held.hold()
    const line = here.line(bob)
    await here.settle()
    expect(held.waiting()).toBe(1)
    await here.app.api.markRead(cyd, { chatId, seq: 2 })
    await here.app.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    await here.settle()
    held.release()
    await line.resumed
    await here.settle()
    expect(line.told()).toEqual(['chat_gone'])
  })

  it('is not shown as online afterwards to those who stay', async () => {
    const held = holding()
    let isHeard = false
    const here = processes(2, {
      bus: () => isHeard,
      change: ({ chats }) => ({ chats: { ...chats, standing: held.slowly(chats.standing) } }),
    })
    const [first, second] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const chatId = await here.group(ann)
    const staying = await here.live(ann, { app: first })
    await staying.connection.join(chatId)
    await here.live(bob, { app: first })
    await second.api.addMembers(ann, { chatId, userIds: [bob.userId] })
    held.hold()
    isHeard = true
    here.publish([{ topic: userTopic(bob.userId), notice: { type: 'joined', chatId, userId: bob.userId } }])
    isHeard = false
    await here.settle()
    expect(held.waiting()).toBe(1)
    await second.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    held.release()
    await here.settle()
    // As a member he was; afterwards nobody speaks of him.
    expect(staying.told().slice(-1)).toEqual([3])
    expect(staying.of('presence').length).toBe(1)
  })
})

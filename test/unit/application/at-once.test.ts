import { describe, expect, it } from 'vitest'
import { chatTopic } from '../../../src/application/ports/bus.ts'
import { asId } from '../../../src/domain/ids.ts'
import { holding, type Processes, processes } from './unpolled.ts'

/** Nothing is polled here: what one of these steps leaves out is never told. */

type App = Processes['app']

async function friends(here: Processes) {
  const [ann, bob, cyd] = [await here.person('Ann'), await here.person('Bob'), await here.person('Cyd')]
  return { ann, bob, cyd, chatId: await here.group(ann, [bob]) }
}

describe('who becomes a member', () => {
  it('hears of it before the call that does it is answered, in a chat that others here follow, and in one that nobody does', async () => {
    const here = processes()
    const { ann, bob, cyd, chatId } = await friends(here)
    const other = await here.group(ann)
    await here.live(bob)
    const line = await here.live(cyd)
    await here.app.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    await here.app.api.addMembers(ann, { chatId: other, userIds: [cyd.userId] })
    expect(line.of('event').map(({ event }) => [event.chatId, event.seq])).toEqual([
      [chatId, 2],
      [other, 2],
    ])
    await here.say(ann, other)
    expect(line.told()).toEqual([2, 2, 3])
  })

  it('hears of it in another process, and is seen there by those who have the chat on screen', async () => {
    const here = processes(2)
    const [first, second] = here.apps as [App, App]
    const { ann, cyd, chatId } = await friends(here)
    const screen = await here.live(ann, { app: first })
    await screen.connection.join(chatId)
    const line = await here.live(cyd, { app: second })
    await first.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    await here.settle()
    expect(line.told()).toEqual([2])
    expect(screen.of('presence')).toMatchObject([{ userId: cyd.userId, online: true }])
  })

  it('while resuming, hears of it when that is over', async () => {
    const { hold, release, slowly, waiting } = holding()
    const here = processes(1, { change: ({ log }) => ({ log: (onCommit) => ({ ...log(onCommit), read: slowly(log(onCommit).read) }) }) })
    const { ann, bob, chatId } = await friends(here)
    const other = await here.group(ann)
    await here.say(ann, chatId)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    expect(waiting()).toBe(1)
    await here.app.api.addMembers(ann, { chatId: other, userIds: [bob.userId] })
    release()
    await line.resumed
    await here.settle()
    expect(line.of('event').map(({ event }) => [event.chatId, event.seq])).toEqual([
      [chatId, 2],
      [other, 2],
    ])
  })

  it('while the chats are being read, is in the answer or told', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, standings: slowly(chats.standings) } }) })
    const { ann, bob, chatId } = await friends(here)
    hold()
    const line = here.line(bob)
    await here.settle()
    const other = await here.group(ann, [bob])
    release()
    const { heads } = await line.resumed
    await here.settle()
    await here.say(ann, other)
    expect([heads.has(chatId), heads.has(other) || line.told().includes(1)]).toEqual([true, true])
    expect(line.told().at(-1)).toBe(2)
  })

  it('again, while an earlier removal is still being read, is seated again', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ log }) => ({ log: (onCommit) => ({ ...log(onCommit), read: slowly(log(onCommit).read) }) }) })
    const { ann, bob, chatId } = await friends(here)
    await here.say(ann, chatId)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    await here.app.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    await here.app.api.addMembers(ann, { chatId, userIds: [bob.userId] })
    release()
    await line.resumed
    await here.settle()
    await here.say(ann, chatId)
    expect(line.told()).toEqual([2, 'chat_gone', 4, 5])
  })

  it('and no longer is one, while the chats are being read, has no seat', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, joinedSince: slowly(chats.joinedSince) } }) })
    const { ann, bob, chatId } = await friends(here)
    hold()
    const line = here.line(bob)
    await here.settle()
    await here.app.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    release()
    await line.resumed
    await here.say(ann, chatId)
    expect([line.told(), [...line.connection.heads()]]).toEqual([[], []])
    expect(line.connection.asOf()).toBeDefined()
  })
})

describe('a private chat', () => {
  it('is told to the other one with its first message, here and in another process', async () => {
    const here = processes(2)
    const [first, second] = here.apps as [App, App]
    const { ann, bob } = await friends(here)
    const [near, far] = [await here.live(bob, { app: first }), await here.live(bob, { app: second })]
    await first.api.sendMessageToUser(ann, { userId: bob.userId, clientMessageId: asId('first'), text: 'hello' })
    await here.settle()
    expect([near.told(), far.told()]).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('is told to all devices of who opens it as well, here and in another process', async () => {
    const here = processes(2)
    const [first, second] = here.apps as [App, App]
    const { ann, bob } = await friends(here)
    await first.api.openPrivateChat(ann, { userId: bob.userId })
    const [near, far] = [await here.live(bob, { app: first }), await here.live(bob, { app: second })]
    await first.api.openPrivateChat(bob, { userId: ann.userId })
    await here.settle()
    expect([near.told(), far.told()]).toEqual([[1], [1]])
  })
})

describe('what the bus has lost', () => {
  it('is read as soon as something later comes', async () => {
    let isLost = false
    const here = processes(2, { bus: () => !isLost })
    const [first, second] = here.apps as [App, App]
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(bob, { app: second })
    isLost = true
    await here.say(ann, chatId, 'lost', first)
    isLost = false
    await here.say(ann, chatId, 'heard', first)
    await here.settle()
    expect(line.told()).toEqual([2, 3])
  })

  it('is read as soon as another process says where the log is', async () => {
    let isLost = true
    const here = processes(2, { bus: () => !isLost })
    const [first, second] = here.apps as [App, App]
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(bob, { app: second })
    await here.say(ann, chatId, 'lost', first)
    isLost = false
    here.publish([{ topic: chatTopic(chatId), notice: { type: 'head', chatId, head: 2 } }])
    await here.settle()
    expect(line.told()).toEqual([2])
  })

  it('is told to all as soon as one of them resumes', async () => {
    const here = processes(2, { bus: 'dead' })
    const [first, second] = here.apps as [App, App]
    const { ann, bob, chatId } = await friends(here)
    const line = await here.live(ann, { app: first })
    await here.say(ann, chatId, 'lost', second)
    await here.live(bob, { app: first })
    await here.settle()
    expect(line.told()).toEqual([2])
  })
})

describe('a line', () => {
  it('that resumes is told what is committed meanwhile', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, standings: slowly(chats.standings) } }) })
    const { ann, bob, chatId } = await friends(here)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    await here.say(ann, chatId)
    release()
    const { heads } = await line.resumed
    expect([line.told(), heads.get(chatId)]).toEqual([[2], 2])
  })

  it('is level only when it has what is known of all its chats', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(2, { change: ({ log }) => ({ log: (onCommit) => ({ ...log(onCommit), read: slowly(log(onCommit).read) }) }) })
    const [first, second] = here.apps as [App, App]
    const { ann, cyd, chatId } = await friends(here)
    const line = await here.live(cyd, { app: second })
    expect(line.connection.asOf()).toBeDefined()
    hold()
    await first.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    await here.settle()
    expect(line.connection.asOf()).toBeUndefined()
    release()
    await here.settle()
    expect(line.connection.asOf()).toBeDefined()
  })

  it('whose session ends here or elsewhere is ended at once', async () => {
    const here = processes(2)
    const [first, second] = here.apps as [App, App]
    const { ann } = await friends(here)
    const [near, far] = [await here.live(ann, { app: first }), await here.live(ann, { app: second })]
    first.hub.ended(ann.userId, [ann.sessionId])
    expect(near.endings).toEqual(['session-ended'])
    await here.settle()
    expect(far.endings).toEqual(['session-ended'])
  })
})

describe('receipts', () => {
  const receipt = (chatId: string, userId: string, { readSeq = 1, asOf = 1, at = 0 } = {}) => ({
    topic: chatTopic(chatId as never),
    notice: {
      type: 'receipt' as const,
      receipt: { chatId: chatId as never, userId: userId as never, readSeq, asOf, at },
      unread: 0,
      unreadMentions: 0,
      memberCount: 3,
      lowest: [],
    },
  })

  it('that moved while a reader was catching up come when the reader has', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ log }) => ({ log: (onCommit) => ({ ...log(onCommit), read: slowly(log(onCommit).read) }) }) })
    const { ann, bob, cyd, chatId } = await friends(here)
    await here.app.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    const before = await here.live(ann)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    await here.app.api.markRead(ann, { chatId, seq: 2 })
    await here.settle()
    expect([before.of('receipt').length, line.of('receipt')]).toEqual([1, []])
    release()
    await line.resumed
    expect(line.told()).toEqual([2, 'receipt'])
  })

  it('that come before the event that made their user a member wait for it', async () => {
    const here = processes(1)
    const { ann, cyd, chatId } = await friends(here)
    const line = await here.live(ann)
    here.publish([receipt(chatId, cyd.userId, { readSeq: 2, asOf: 2 })])
    await here.settle()
    expect(line.told()).toEqual([])
    await here.app.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    await here.settle()
    expect(line.told()).toEqual([2, 'receipt'])
  })

  it('of a user who has left are told no more: not what waited, not what comes late, not to who comes', async () => {
    const here = processes(1)
    const { ann, bob, cyd, chatId } = await friends(here)
    await here.app.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    const line = await here.live(ann)
    await here.app.api.markRead(bob, { chatId, seq: 2 })
    await here.app.api.removeMembers(bob, { chatId, userIds: [bob.userId] })
    await here.settle()
    here.publish([receipt(chatId, bob.userId, { readSeq: 2, asOf: 2 })])
    await here.settle()
    const late = await here.live(cyd)
    expect([line.told(), late.told()]).toEqual([[3], []])
  })

  it('that were told of a user are not told again, once the user has left, to who comes then', async () => {
    const here = processes(1)
    const { ann, bob, cyd, chatId } = await friends(here)
    await here.app.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    const line = await here.live(ann)
    await here.app.api.markRead(bob, { chatId, seq: 2 })
    await here.settle()
    await here.app.api.removeMembers(bob, { chatId, userIds: [bob.userId] })
    const late = await here.live(cyd)
    expect([line.told(), late.told()]).toEqual([['receipt', 3], []])
  })

  it('do not reach a reader who has no position in the chat yet, and come as soon as there is one', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, standings: slowly(chats.standings) } }) })
    const { ann, bob, chatId } = await friends(here)
    const before = await here.live(ann)
    await here.say(ann, chatId)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    await here.app.api.markRead(ann, { chatId, seq: 2 })
    await here.settle()
    expect([before.told(), line.told()]).toEqual([[2, 'receipt'], []])
    release()
    await line.resumed
    await here.settle()
    expect(line.told()).toEqual([2, 'receipt'])
  })

  it('that came while nobody here had a position come as soon as somebody has', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(1, { change: ({ chats }) => ({ chats: { ...chats, standings: slowly(chats.standings) } }) })
    const { ann, bob, chatId } = await friends(here)
    await here.say(ann, chatId)
    hold()
    const line = here.line(bob, { cursors: new Map([[chatId, 1]]) })
    await here.settle()
    await here.app.api.markRead(ann, { chatId, seq: 2 })
    await here.settle()
    release()
    await line.resumed
    await here.settle()
    expect(line.told()).toEqual([2, 'receipt'])
  })
})

describe('receipts of a chat that appears', () => {
  it('are told to a new member for whom the process began to follow it', async () => {
    const { hold, release, slowly } = holding()
    const here = processes(2, { change: ({ chats }) => ({ chats: { ...chats, standing: slowly(chats.standing) } }) })
    const [first, second] = here.apps as [App, App]
    const { ann, cyd, chatId } = await friends(here)
    await here.say(ann, chatId)
    const line = await here.live(cyd, { app: second })
    hold()
    await first.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    await here.settle()
    await first.api.markRead(ann, { chatId, seq: 2 })
    await here.settle()
    release()
    await here.settle()
    expect(line.told()).toEqual([3, 'receipt'])
  })
})

describe('who is there', () => {
  it('is told in a private chat once both have written', async () => {
    const here = processes()
    const { ann, bob } = { ann: await here.person('Ann'), bob: await here.person('Bob') }
    const { view } = await here.app.api.openPrivateChat(ann, { userId: bob.userId })
    const [one, other] = [await here.live(ann), await here.live(bob)]
    await here.say(ann, view.chat.id)
    await here.settle()
    for (const line of [one, other]) await line.connection.join(view.chat.id)
    expect([one.of('presence'), other.of('presence')]).toEqual([[], []])
    await here.say(bob, view.chat.id)
    await here.settle()
    expect(one.of('presence')).toMatchObject([{ userId: bob.userId, online: true }])
    expect(other.of('presence')).toMatchObject([{ userId: ann.userId, online: true }])
  })

  it('is told of who becomes a member, and no longer of who leaves, wherever they are', async () => {
    const here = processes(2)
    const [first, second] = here.apps as [App, App]
    const { ann, bob, cyd, chatId } = await friends(here)
    const screen = await here.live(ann, { app: first })
    await here.live(bob, { app: second })
    await here.live(cyd, { app: first })
    await screen.connection.join(chatId)
    await here.settle()
    const said = () => screen.of('presence').map(({ userId, online }) => [userId, online])
    expect(said()).toEqual([[bob.userId, true]])
    await first.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
    expect(said().at(-1)).toEqual([cyd.userId, true])
    await first.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    await here.settle()
    expect(said().at(-1)).toEqual([bob.userId, false])
  })
})

describe('typing', () => {
  const typing = (chatId: string, userId: string, asOf: number) => ({
    topic: chatTopic(chatId as never),
    notice: { type: 'typing' as const, chatId: chatId as never, userId: userId as never, active: true, asOf },
  })

  it('of a user whom the reader does not know yet is dropped', async () => {
    const here = processes(1)
    const { ann, bob, cyd, chatId } = await friends(here)
    const line = await here.live(ann)
    await here.live(cyd)
    await here.live(bob)
    await line.connection.join(chatId)
    here.publish([typing(chatId, cyd.userId, 2)])
    await here.settle()
    expect(line.of('typing')).toEqual([])
    here.publish([typing(chatId, bob.userId, 1)])
    await here.settle()
    expect(line.of('typing')).toMatchObject([{ userIds: [bob.userId] }])
  })

  it('ends with the membership of who types', async () => {
    const here = processes(1)
    const { ann, bob, chatId } = await friends(here)
    const [line, other] = [await here.live(ann), await here.live(bob)]
    await line.connection.join(chatId)
    await other.connection.typing(chatId, true)
    await here.app.api.removeMembers(ann, { chatId, userIds: [bob.userId] })
    expect(line.of('typing').map(({ userIds }) => userIds)).toEqual([[bob.userId], []])
  })
})

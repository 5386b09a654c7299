import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/application/chat-api.ts'
import type { Delivery } from '../../src/application/live/delivery.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import { asId, type ChatId, type Seq } from '../../src/domain/ids.ts'
import { databases } from '../support/databases.ts'
import { INTERRUPTED, type When } from '../support/interrupted.ts'
import { type Opened, stepsOf, type Worlds, worldsOn } from '../support/interrupted-world.ts'
import { eventually } from '../support/waiting.ts'

interface At {
  readonly n: number
  readonly when: When
}

const group = async ({ world }: Opened, owner: Caller, others: readonly Caller[] = []): Promise<ChatId> =>
  (await world.api.createGroup(owner, { name: 'Group', memberIds: others.map(({ userId }) => userId) })).view.chat.id
const say = ({ world }: Opened, who: Caller, chatId: ChatId, text = 'hello') =>
  world.api.sendMessage(who, { chatId, clientMessageId: asId(`${chatId} ${text}`), text })

/** Waits for what is to come; whether it has come the caller looks. */
const soon = (isThere: () => boolean | Promise<boolean>) =>
  eventually(async () => {
    if (!(await isThere())) throw new Error('not yet')
  }).catch(() => undefined)

/** What a function that follows two chats is handed while one call of a port fails, and what was asked of the ports. */
async function followed(worlds: Worlds, at?: At) {
  const here = await worlds.open()
  const { world, ports, close } = here
  const { app } = world
  const who = await world.person('Who')
  const chats = [await group(here, who), await group(here, who)]
  const handed: ChatEvent[] = []
  ports.arm(at)
  const { stop } = app.follow('orders', { from: 'start', batch: 3 }, (events) => void handed.push(...events))
  const round = async () => {
    await app.relay.tick().catch(() => undefined)
    await world.settle()
    world.clock.advance(10_000)
  }
  for (let i = 0; i < 6; i++) {
    for (const chatId of chats) await say(here, who, chatId, `Round ${i}.`).catch(() => undefined)
    await round()
  }
  const calls = ports.calls()
  ports.arm(undefined)
  const heads = await world.ports.chats.heads(chats)
  const lastOf = (chatId: ChatId) => Math.max(0, ...handed.filter((event) => event.chatId === chatId).map(({ seq }) => seq))
  await soon(async () => {
    await round()
    return chats.every((chatId) => lastOf(chatId) === heads.get(chatId))
  })
  await stop()
  await close()
  const wrong: string[] = []
  for (const chatId of chats) {
    let last = 0
    for (const { seq } of handed.filter((event) => event.chatId === chatId)) {
      if (seq > last + 1) wrong.push(`${seq} after ${last}`)
      last = Math.max(last, seq)
    }
    if (last !== heads.get(chatId)) wrong.push(`${last} of ${heads.get(chatId)}`)
  }
  return { wrong, calls, heads: [...heads.values()] }
}

describe.each(databases)('a function that follows, on %s', (kind) => {
  it('is handed every event of each chat in order, whichever call of the store fails in the middle', { timeout: 60_000 }, async () => {
    await using worlds = await worldsOn(kind)
    const whole = await followed(worlds)
    expect([whole.wrong, whole.heads]).toEqual([[], [7, 7]])
    expect(whole.calls.length).toBeGreaterThan(20)
    const wrong: string[] = []
    for (const at of stepsOf(whole.calls.length, kind === 'memory' ? undefined : 10)) {
      const { wrong: here, calls } = await followed(worlds, at)
      wrong.push(...here.map((what) => `${at.when} ${at.n}, ${calls[at.n - 1]}: ${what}`))
    }
    expect(wrong).toEqual([])
  })
})

/** A device that resumes while one call of a port fails, and then, if it is patient, once more, with what it has by then. */
async function resumedAfter(worlds: Worlds, at?: At, isPatient = true) {
  const here = await worlds.open()
  const { world, ports } = here
  const [ann, bob] = [await world.person('Ann'), await world.person('Bob')]
  const chats = [await group(here, ann, [bob]), await group(here, bob, [ann]), await group(here, ann, [bob])]
  for (const chatId of chats) for (let i = 0; i < 3; i++) await say(here, bob, chatId, `${i}`)
  await world.api.removeMembers(ann, { chatId: chats[2]!, userIds: [bob.userId] })
  await world.settle()
  const cursors = new Map<ChatId, Seq>(chats.map((chatId) => [chatId, 1]))
  const wrong: string[] = []
  const deliver = (delivery: Delivery): void => {
    if (delivery.type === 'chat_gone') return void cursors.delete(delivery.chatId)
    if (delivery.type !== 'event') return void (delivery.type === 'reset' && wrong.push('reset'))
    const { chatId, seq } = delivery.event
    if (seq !== cursors.get(chatId)! + 1) wrong.push(`${seq} after ${cursors.get(chatId)}`)
    cursors.set(chatId, seq)
  }
  const connection = world.app.hub.open({ ...bob, deliver, end: (why) => void wrong.push(why) })
  const epoch = await world.ports.chats.epoch()
  const resume = () => connection.resume({ epoch, cursors: new Map(cursors) })
  ports.arm(at)
  const failure = await resume().then(
    () => undefined,
    (error: unknown) => String(error),
  )
  const calls = ports.calls()
  ports.arm(undefined)
  const { heads } = failure === undefined || !isPatient ? { heads: undefined } : await resume()
  await say(here, ann, chats[0]!)
  await world.settle()
  await soon(() => cursors.get(chats[0]!) === 5)
  connection.close()
  await here.close()
  return { heads: heads && [...heads.values()], ends: [...cursors.values()], wrong, calls, failure }
}

describe.each(databases)('a device, on %s', (kind) => {
  it('resumes on the same connection after an attempt of which any read has failed, and misses nothing', async () => {
    await using worlds = await worldsOn(kind)
    const whole = await resumedAfter(worlds)
    expect([whole.wrong, whole.ends]).toEqual([[], [5, 4]])
    expect(whole.calls.length).toBeGreaterThan(3)
    for (const at of stepsOf(whole.calls.length, kind === 'memory' ? undefined : 10)) {
      const { calls, ...found } = await resumedAfter(worlds, at)
      const step = `${at.when} ${calls[at.n - 1]}`
      expect({ step, ...found }).toEqual({ step, heads: [4, 4], ends: whole.ends, wrong: [], failure: `Error: ${INTERRUPTED}` })
    }
  })
})

describe('a device', () => {
  it('would be found to miss events if it did not ask again', async () => {
    await using worlds = await worldsOn('memory')
    const { ends, failure } = await resumedAfter(worlds, { n: 1, when: 'before' }, false)
    expect(failure).toContain(INTERRUPTED)
    expect(ends).not.toEqual([5, 4])
  })
})

import { describe, expect, it } from 'vitest'
import type { ChatId, Seq } from '../../../src/domain/ids.ts'
import type { OutboundPorts } from '../../../src/main/compose.ts'
import { type Line, processes } from './unpolled.ts'

/** A store that answers all that it was asked at once, round by round: how often who asks has waited for it. */
function inRounds() {
  let isOn = false
  const waiting: (() => void)[] = []
  const slowly = <A extends unknown[], R>(read: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (isOn) await new Promise<void>((go) => void waiting.push(go))
      return read(...given)
    }
  }
  const change = ({ chats, log }: OutboundPorts): Partial<OutboundPorts> => ({
    chats: {
      ...chats,
      epoch: slowly(chats.epoch),
      joinedSince: slowly(chats.joinedSince),
      places: slowly(chats.places),
      standings: slowly(chats.standings),
      moved: slowly(chats.moved),
    },
    log(onCommit) {
      const made = log(onCommit)
      return { ...made, read: slowly(made.read) }
    },
  })
  return {
    change,
    async roundsOf(run: () => Line): Promise<number> {
      isOn = true
      let rounds = 0
      let isOver = false
      const line = run()
      void line.resumed.then(() => (isOver = true))
      for (;;) {
        await new Promise<void>((done) => setImmediate(done))
        if (isOver || waiting.length === 0) break
        rounds++
        for (const go of waiting.splice(0)) go()
      }
      isOn = false
      await line.resumed
      return rounds
    },
  }
}

async function world(count: number) {
  const store = inRounds()
  const here = processes(1, { change: store.change })
  const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
  const chatIds: ChatId[] = []
  for (let i = 0; i < count; i++) chatIds.push(await here.group(ann, [bob]))
  return { here, ann, bob, chatIds, roundsOf: store.roundsOf }
}

describe('a resume waits for the store', () => {
  it('twice where nothing was missed', async () => {
    const { here, bob, roundsOf } = await world(3)
    expect(await roundsOf(() => here.line(bob))).toBe(2)
  })

  it('four times by `as_of` for a chat that has just begun', async () => {
    const { here, ann, bob, roundsOf } = await world(0)
    const { connection } = await here.live(bob)
    const asOf = connection.asOf()
    connection.close()
    await here.group(ann, [bob])
    let line: Line | undefined
    expect(await roundsOf(() => (line = here.line(bob, { asOf })))).toBe(4)
    expect(line!.told()).toEqual([1])
  })

  it('for twelve chats in which something was missed no longer than for three reads of a log', async () => {
    const { here, ann, bob, chatIds, roundsOf } = await world(12)
    const cursors = new Map<ChatId, Seq>(chatIds.map((chatId) => [chatId, 1]))
    for (const chatId of chatIds) await here.say(ann, chatId)
    let line: Line | undefined
    expect(await roundsOf(() => (line = here.line(bob, { cursors })))).toBe(2 + 3)
    expect(line!.told()).toEqual(chatIds.map(() => 2))
  })
})

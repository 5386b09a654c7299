import { describe, expect, it } from 'vitest'
import { readAsOf } from '../../../src/application/live/as-of.ts'
import type { ChatLog } from '../../../src/application/ports/log.ts'
import type { ChatId } from '../../../src/domain/ids.ts'
import { holding, processes } from './unpolled.ts'

/** A log of which the next read waits, once it has read, until it is let go; those after it do not. */
function stuck() {
  let next: PromiseWithResolvers<void> | undefined
  return {
    hold: () => void (next = Promise.withResolvers()),
    waits: () => next === undefined,
    log: (log: ChatLog): ChatLog => ({
      ...log,
      async read(...given) {
        const page = await log.read(...given)
        const mine = next
        next = undefined
        if (mine) {
          held.push(mine)
          await mine.promise
        }
        return page
      },
    }),
    release: () => held.splice(0).forEach(({ resolve }) => resolve()),
  }
}
const held: PromiseWithResolvers<void>[] = []

const world = () => {
  const reads = stuck()
  const here = processes(2, { bus: 'dead', change: ({ log }) => ({ log: (onCommit) => reads.log(log(onCommit)) }) })
  return { ...here, reads, first: here.apps[0], second: here.apps[1]! }
}
const headOf = (heads: ReadonlyMap<ChatId, number>, chatId: ChatId) => heads.get(chatId)

describe('a process that repairs a hole', () => {
  it('has what a poll has seen when the poll is over, also where an earlier repair had read the log before', async () => {
    const { first, second, reads, ...here } = world()
    const ann = await here.person('Ann')
    const chatId = await here.group(ann)
    const line = await here.live(ann, { app: first })
    await here.say(ann, chatId, 'unheard', second)
    reads.hold()
    const earlier = first.hub.poll()
    await here.settle()
    expect(reads.waits()).toBe(true)
    await here.say(ann, chatId, 'unheard, too', second)
    here.clock.advance(1_000)
    const later = first.hub.poll()
    await here.settle()
    reads.release()
    await Promise.all([earlier, later])
    // By this time the device says where it stood.
    expect(readAsOf(line.connection.asOf()!)!.at).toBe(here.clock.now())
    expect(line.told()).toEqual([2, 3])
  })

  it('answers a device that resumes meanwhile with all that the store said, and repeats nothing', async () => {
    const { first, second, reads, ...here } = world()
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const chatId = await here.group(ann, [bob])
    await here.live(ann, { app: first })
    await here.say(ann, chatId, 'unheard', second)
    reads.hold()
    const polled = first.hub.poll()
    await here.settle()
    const line = here.line(bob, { app: first, cursors: new Map([[chatId, 1]]) })
    const { heads } = await line.resumed
    expect([headOf(heads, chatId), line.told()]).toEqual([2, [2]])
    reads.release()
    await polled
    await here.say(ann, chatId, 'heard', first)
    await here.settle()
    expect(line.told()).toEqual([2, 3])
  })

  /**
   * No fault: what is committed after the store was read is not part of the answer. The device is where the process is, is handed what is
   * missing with all others, and says that it stood no later than before it asked.
   */
  it('may answer before it has what was committed since; the device gets that afterwards, and does not say that it has it', async () => {
    const standings = holding()
    const reads = stuck()
    const here = processes(2, {
      bus: 'dead',
      change: ({ log, chats }) => ({
        log: (onCommit) => reads.log(log(onCommit)),
        chats: { ...chats, standings: standings.slowly(chats.standings) },
      }),
    })
    const [first, second] = here.apps as [typeof here.app, typeof here.app]
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const chatId = await here.group(ann, [bob])
    await here.live(ann, { app: first })
    standings.hold()
    const line = here.line(bob, { app: first })
    await here.settle()
    here.clock.advance(1_000)
    await here.say(ann, chatId, 'unheard', second)
    const committedAt = here.clock.now()
    reads.hold()
    const polled = first.hub.poll()
    await here.settle()
    expect(reads.waits()).toBe(true)
    standings.release()
    const { heads } = await line.resumed
    expect([headOf(heads, chatId), line.told()]).toEqual([1, []])
    expect(readAsOf(line.connection.asOf()!)!.at).toBeLessThan(committedAt)
    reads.release()
    await polled
    expect(line.told()).toEqual([2])
  })
})

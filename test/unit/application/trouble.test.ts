import { describe, expect, it, onTestFinished } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { processes } from './unpolled.ts'

/** Promises that failed while nobody looked: of these the service dies. */
function unnoticed(): unknown[] {
  const failures: unknown[] = []
  const note = (error: unknown) => void failures.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  return failures
}

const down = () => Promise.reject(new Error('down'))

describe('a poll', () => {
  it('in which one read fails while another is waited for fails as a whole, to whoever asked, and the next makes up for it', async () => {
    const failures = unnoticed()
    let isDown = false
    const answer = Promise.withResolvers<void>()
    const here = processes(2, {
      bus: 'dead',
      change: ({ log, receipts }) => ({
        log(onCommit) {
          const opened = log(onCommit)
          return { ...opened, read: (...given) => (isDown ? down() : opened.read(...given)) }
        },
        receipts: {
          ...receipts,
          async lowest(chats) {
            await answer.promise
            return receipts.lowest(chats)
          },
        },
      }),
    })
    const [first, second] = here.apps as [typeof here.app, typeof here.app]
    const all = (await Promise.all(Array.from({ length: 101 }, (_, i) => here.person(`P${i}`)))) as [Caller, Caller, ...Caller[]]
    const large = await here.group(all[0], all.slice(1))
    const other = await here.group(all[0])
    const reader = await here.live(all[0], { app: first })
    await reader.connection.join(large)
    await here.say(all[0], other, 'unheard', second)
    here.clock.advance(1)
    await here.say(all[0], large, 'unheard', second)
    await second.api.markRead(all[1], { chatId: large, seq: 2 })
    isDown = true
    const polled = first.hub.poll()
    await Promise.race([polled.catch(() => undefined), here.settle()])
    await here.settle()
    answer.resolve()
    await expect(polled).rejects.toThrow('down')
    expect(failures).toEqual([])
    isDown = false
    await first.hub.poll()
    expect(reader.told()).toEqual([2, 2])
  })
})

describe('whom a user is apart from', () => {
  async function scene() {
    const asked: PromiseWithResolvers<void>[] = []
    let isDown = false
    let isSlow = false
    const here = processes(1, {
      change: ({ consents }) => ({
        consents: {
          ...consents,
          async circles(userIds) {
            if (isDown) return down()
            const found = await consents.circles(userIds)
            if (!isSlow) return found
            const turn = Promise.withResolvers<void>()
            asked.push(turn)
            await turn.promise
            return found
          },
        },
      }),
    })
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const chatId = await here.group(ann, [bob])
    const { api } = here.app
    return {
      here,
      ann,
      bob,
      chatId,
      api,
      asked,
      slow: (next: boolean) => void (isSlow = next),
      down: (next: boolean) => void (isDown = next),
    }
  }

  it('is what the last read said, also where an earlier one answers after it', async () => {
    const { here, ann, bob, chatId, api, asked, slow } = await scene()
    const [anna, boris] = [await here.live(ann), await here.live(bob)]
    await anna.connection.join(chatId)
    await boris.connection.join(chatId)
    slow(true)
    await api.unblockUser(ann, bob.userId)
    await api.blockUser(ann, bob.userId)
    for (const turn of asked.splice(0).reverse()) {
      turn.resolve()
      await here.settle()
    }
    await anna.connection.typing(chatId, true)
    expect(boris.of('typing').filter(({ userIds }) => userIds.length > 0)).toEqual([])
    await api.unblockUser(ann, bob.userId)
    for (const turn of asked.splice(0).reverse()) {
      turn.resolve()
      await here.settle()
    }
    await anna.connection.typing(chatId, false)
    await anna.connection.typing(chatId, true)
    expect(boris.of('typing').at(-1)?.userIds).toEqual([ann.userId])
  })

  it('is read again by the next poll where it could not be read', async () => {
    const { here, ann, bob, chatId, api, down: fall } = await scene()
    const [anna, boris] = [await here.live(ann), await here.live(bob)]
    await boris.connection.join(chatId)
    fall(true)
    await api.blockUser(ann, bob.userId)
    await api.unblockUser(ann, bob.userId)
    await here.settle()
    await anna.connection.typing(chatId, true)
    expect(boris.of('typing')).toEqual([])
    await anna.connection.typing(chatId, false)
    fall(false)
    await here.app.hub.poll()
    await anna.connection.typing(chatId, true)
    expect(boris.of('typing').at(-1)?.userIds).toEqual([ann.userId])
  })
})

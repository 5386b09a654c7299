import { describe, expect, it } from 'vitest'
import { choresOf, housekeeping } from '../../../src/main/housekeeping.ts'
import { INTERRUPTED, interruptible } from '../../support/interrupted.ts'
import { eventually } from '../../support/waiting.ts'
import { processes } from '../application/unpolled.ts'

describe('the periodic tasks', () => {
  it('finish the deletion of a user that has failed halfway, whatever call it was', async () => {
    const deleted = async (n: number) => {
      const ports = interruptible()
      const { app, person, group, say, store } = processes(1, { change: ports.change })
      const [ann, bob] = [await person('Ann'), await person('Bob')]
      for (let i = 0; i < 2; i++) await say(ann, await group(bob, [ann]))
      await app.api.sendMessageToUser(ann, { userId: bob.userId, clientMessageId: 'key' as never, text: 'hello' })
      ports.arm({ n, when: 'after' })
      const failure = await app.api.deleteMe(ann, { password: '' }).then(
        () => undefined,
        (error: Error) => error.message,
      )
      const calls = ports.calls()
      ports.arm(undefined)
      for (const { run } of choresOf(app)) await run()
      const told = [...store.chats.values()].map(({ events }) => events.filter(({ type }) => type === 'author.erased').length)
      return { calls, failure, told, deletion: store.people.get(ann.userId)!.deletion }
    }
    const { calls, failure } = await deleted(0)
    expect(failure).toBeUndefined()
    const begun = calls.indexOf('people.erase') + 1
    expect(calls.length).toBeGreaterThan(begun + 10)
    for (let n = begun; n < calls.length; n++)
      expect({ n, ...(await deleted(n)) }).toMatchObject({ n, failure: INTERRUPTED, told: [1, 1, 1], deletion: 'ended' })
  })

  it('finish at the start what an earlier process has left, and nothing else yet', async () => {
    const { app } = processes(1)
    const ran: string[] = []
    const chores = housekeeping(app, { log: { warn() {} }, choreRan: (name, outcome) => void ran.push(`${name}: ${outcome}`) })
    await eventually(() => expect(ran).toEqual(['finish erasures: ok']))
    await chores.stop()
  })

  it('finish the other deletions where one fails', async () => {
    const stuck = new Set<string>()
    const { app, person, store } = processes(1, {
      change: ({ files }) => ({
        files: { ...files, eraseOwner: async (id, at) => (stuck.has(id) ? Promise.reject(new Error('stuck')) : files.eraseOwner(id, at)) },
      }),
    })
    const all = [await person('Ann'), await person('Bob'), await person('Cid')]
    for (const { userId } of all) stuck.add(userId)
    for (const who of all) await expect(app.api.deleteMe(who, { password: '' })).rejects.toThrow('stuck')
    for (const { userId } of all.slice(1)) stuck.delete(userId)
    await expect(app.finishLeftovers()).rejects.toThrow('stuck')
    expect(all.map(({ userId }) => store.people.get(userId)!.deletion)).toEqual(['begun', 'ended', 'ended'])
  })
})

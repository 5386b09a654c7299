import { describe, expect, it } from 'vitest'
import { memoryConsumers } from '../../../src/adapters/memory/consumers.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { hookCalls } from '../../../src/application/hooks/hooks.ts'
import type { CursorAt } from '../../../src/application/ports/consumers.ts'
import { type ChatId, SYSTEM_ID } from '../../../src/domain/ids.ts'
import { processes } from './unpolled.ts'

const key = { userId: SYSTEM_ID, sessionId: 'key' } as Caller
const url = 'https://example.com/hook'
const page = { limit: 10 }

/** The calls on a store in which nothing delivers, and how often they have told the relay of a change. */
function world() {
  const at = processes()
  const consumers = memoryConsumers(at.store, at.clock.now)
  let [ids, changes, adds] = [0, 0, 0]
  const hooks = hookCalls({
    consumers: {
      ...consumers,
      add(consumer) {
        adds++
        return consumers.add(consumer)
      },
    },
    log: memoryPorts(at.store, () => {}).log,
    clock: at.clock.now,
    newId: () => `hook-${String(++ids).padStart(3, '0')}`,
    hooks: {
      fault: (given) => (given.startsWith('https:') ? undefined : 'is not encrypted'),
      secret: (id, number) => `${id} ${number}`,
    },
    changed: () => void changes++,
  })
  return {
    ...at,
    consumers,
    hooks,
    told: () => changes,
    adds: () => adds,
    push: (id: string) => consumers.add({ id, kind: 'push', name: id, settings: { batch: 1 }, lag: 0, from: undefined }),
    /** A chat of one person with three messages, an hour between them: the events 2, 3 and 4. */
    async chat(): Promise<{ readonly ann: Caller; readonly chatId: ChatId; readonly times: readonly number[] }> {
      const ann = await at.person('Ann')
      const chatId = await at.group(ann)
      const times: number[] = []
      for (const text of ['one', 'two', 'three']) {
        at.clock.advance(3_600_000)
        times.push(at.clock.now())
        await at.say(ann, chatId, text)
      }
      return { ann, chatId, times }
    },
  }
}

const cursorAt = (consumerId: string, chatId: ChatId, was?: number): CursorAt => ({ consumerId, generation: 0, chatId, was })

describe('a webhook', () => {
  it('is made as it was asked for, with its first secret', async () => {
    const { hooks, consumers, told } = world()
    const asked = { url, types: ['message.sent'], chatIds: ['c' as ChatId], batch: 5, from: 7 }
    const { hook, secret } = await hooks.createHook(key, asked)
    const { from, ...shown } = asked
    const fresh = { isEnabled: true, state: 'ok', behind: 0, lastSuccessAt: undefined, lastError: undefined }
    expect(hook).toEqual({ id: 'hook-001', ...shown, ...fresh })
    expect([secret, told()]).toEqual(['hook-001 1', 1])
    expect(await consumers.get(hook.id)).toMatchObject({ kind: 'hook', name: 'hook hook-001', lag: 0, from })
    expect(await hooks.getHook(key, hook.id)).toEqual(hook)
  })

  it('is sent events of all types and chats, one at a time, unless it asks for others', async () => {
    const { hooks } = world()
    const all = { types: undefined, chatIds: undefined, batch: 1 }
    expect((await hooks.createHook(key, { url })).hook).toMatchObject(all)
    expect((await hooks.createHook(key, { url, types: null, chatIds: null })).hook).toMatchObject(all)
  })

  it('has an address that can be sent to, and types that there are', async () => {
    const { hooks } = world()
    const refused = (pointer: string, detail: string) => ({ code: 'invalid', facts: { errors: [{ pointer, detail }] } })
    const wrongUrl = refused('/url', 'is not encrypted')
    const wrongType = refused('/types/1', 'is the type of an event')
    await expect(hooks.createHook(key, { url: 'http:' })).rejects.toMatchObject(wrongUrl)
    const types = ['message.sent', 'message.lost']
    await expect(hooks.createHook(key, { url, types })).rejects.toMatchObject(wrongType)
    expect((await hooks.listHooks(key, page)).items).toEqual([])
    const { id: hookId } = (await hooks.createHook(key, { url })).hook
    await expect(hooks.updateHook(key, { hookId, url: 'http:' })).rejects.toMatchObject(wrongUrl)
    await expect(hooks.updateHook(key, { hookId, types })).rejects.toMatchObject(wrongType)
    expect(await hooks.getHook(key, hookId)).toMatchObject({ url, types: undefined })
  })

  it('is one of at most a hundred, also where several are made at once', async () => {
    const { hooks, push, adds } = world()
    await push('device')
    for (let i = 1; i < 100; i++) await hooks.createHook(key, { url })
    const full = { code: 'hooks-full', facts: { limit: 100 } }
    const both = await Promise.allSettled([hooks.createHook(key, { url }), hooks.createHook(key, { url })])
    expect(both).toMatchObject([{ reason: full }, { reason: full }])
    expect((await hooks.listHooks(key, { limit: 200 })).items).toHaveLength(99)
    await hooks.createHook(key, { url })
    const before = adds()
    await expect(hooks.createHook(key, { url })).rejects.toMatchObject(full)
    expect([(await hooks.listHooks(key, { limit: 200 })).items.length, adds()]).toEqual([100, before])
  })

  it('stands in a list of webhooks alone, in the order of their ids', async () => {
    const { hooks, push } = world()
    await push('device')
    for (let i = 0; i < 3; i++) await hooks.createHook(key, { url })
    const first = await hooks.listHooks(key, { limit: 2 })
    expect([first.items.map(({ id }) => id), first.next]).toEqual([['hook-001', 'hook-002'], { id: 'hook-002' }])
    const second = await hooks.listHooks(key, { limit: 2, from: first.next })
    expect([second.items.map(({ id }) => id), second.next]).toEqual([['hook-003'], undefined])
  })

  it('is found by its id; a consumer of another kind is none', async () => {
    const { hooks, push } = world()
    await push('device')
    const chatId = 'c' as ChatId
    for (const hookId of ['nothing', 'device']) {
      const calls = [
        hooks.getHook(key, hookId),
        hooks.updateHook(key, { hookId, url }),
        hooks.deleteHook(key, hookId),
        hooks.rotateHook(key, hookId),
        hooks.replayHook(key, { hookId, from: 0 }),
        hooks.skipHook(key, { hookId, chatId }),
        hooks.listDeadRanges(key, hookId, page),
        hooks.retryDeadRanges(key, hookId),
      ]
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  it('keeps what a change leaves out', async () => {
    const { hooks, told } = world()
    const { hook } = await hooks.createHook(key, { url, types: ['message.sent'], chatIds: ['c' as ChatId], batch: 5 })
    const hookId = hook.id
    expect(await hooks.updateHook(key, { hookId })).toEqual(hook)
    expect(await hooks.updateHook(key, { hookId, url: 'https://example.org' })).toEqual({ ...hook, url: 'https://example.org' })
    expect(await hooks.updateHook(key, { hookId, batch: 2, url })).toEqual({ ...hook, batch: 2 })
    expect(await hooks.updateHook(key, { hookId, types: ['message.edited'] })).toEqual({ ...hook, batch: 2, types: ['message.edited'] })
    expect(await hooks.updateHook(key, { hookId, types: null })).toEqual({ ...hook, batch: 2, types: undefined })
    expect(await hooks.updateHook(key, { hookId, chatIds: ['d' as ChatId] })).toMatchObject({ chatIds: ['d'], types: undefined })
    expect(await hooks.updateHook(key, { hookId, chatIds: null })).toMatchObject({ chatIds: undefined })
    expect(told()).toBe(8)
    expect((await hooks.rotateHook(key, hookId)).secret).toBe('hook-001 2')
  })

  it('is switched off and on; one that fails goes on failing until it is', async () => {
    const { hooks, consumers } = world()
    const { id: hookId } = (await hooks.createHook(key, { url })).hook
    const set = async (isEnabled?: boolean) => {
      const { state, isEnabled: is } = await hooks.updateHook(key, { hookId, isEnabled })
      return [state, is]
    }
    const failed = { state: 'failing', failingFor: 0, succeededAgo: undefined, behind: 3, lastError: 'nobody there' } as const
    await consumers.report(hookId, failed)
    expect(await hooks.getHook(key, hookId)).toMatchObject({ state: 'failing', isEnabled: true, behind: 3, lastError: 'nobody there' })
    for (const same of [undefined, true]) expect(await set(same)).toEqual(['failing', true])
    for (const off of [false, undefined, false]) expect(await set(off)).toEqual(['off', false])
    for (const on of [true, undefined]) expect(await set(on)).toEqual(['ok', true])
  })

  it('is gone when it is deleted', async () => {
    const { hooks, told } = world()
    const { id } = (await hooks.createHook(key, { url })).hook
    await hooks.deleteHook(key, id)
    expect(told()).toBe(2)
    await expect(hooks.getHook(key, id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('has a new secret whenever it asks for one, and says since when', async () => {
    const { hooks, consumers, clock, told } = world()
    const { hook } = await hooks.createHook(key, { url, types: ['message.sent'], batch: 5 })
    clock.advance(1_000)
    expect(await hooks.rotateHook(key, hook.id)).toEqual({ hook, secret: 'hook-001 2' })
    expect(told()).toBe(2)
    const { settings } = (await consumers.get(hook.id))!
    expect(settings).toMatchObject({ types: ['message.sent'], batch: 5, own: { url, secret: 2, rotatedAt: clock.now() } })
    expect((await hooks.rotateHook(key, hook.id)).secret).toBe('hook-001 3')
  })
})

describe('what a webhook is sent again', () => {
  it('is everything since a time, in all chats', async () => {
    const { hooks, consumers, told } = world()
    const { id: hookId } = (await hooks.createHook(key, { url, from: 9 })).hook
    expect((await hooks.replayHook(key, { hookId, from: 5 })).id).toBe(hookId)
    expect(await consumers.get(hookId)).toMatchObject({ from: 5, generation: 1 })
    expect(told()).toBe(2)
  })

  it('is everything since a time in one chat, if that is there', async () => {
    const { hooks, consumers, chat, app, told } = world()
    const { ann, chatId, times } = await chat()
    const { id: hookId } = (await hooks.createHook(key, { url })).hook
    const from = times[1]!
    await hooks.replayHook(key, { hookId, from, chatId })
    const consumer = (await consumers.get(hookId))!
    expect([consumer.generation, told()]).toEqual([0, 2])
    expect((await consumers.positions(consumer, [chatId]))[0]!.cursor!.seq).toBe(2)
    const lost = 'lost' as ChatId
    await expect(hooks.replayHook(key, { hookId, from, chatId: lost })).rejects.toMatchObject({
      code: 'chat-not-found',
      facts: { chatId: lost },
    })
    await app.api.deleteChat(ann, chatId)
    await expect(hooks.replayHook(key, { hookId, from, chatId })).rejects.toMatchObject({ code: 'chat-not-found', facts: { chatId } })
  })

  it('leaves out a range that is skipped, which is kept as given up', async () => {
    const { hooks, consumers, chat, clock, told } = world()
    const { chatId } = await chat()
    const { id: hookId } = (await hooks.createHook(key, { url })).hook
    const types = ['message.sent']
    await consumers.move(cursorAt(hookId, chatId), { seq: 1, frozen: { to: 3, types }, attempts: 2, error: 'nobody there' })
    const before = (await consumers.get(hookId))!
    await hooks.skipHook(key, { hookId, chatId })
    const after = (await consumers.get(hookId))!
    expect([after.revision > before.revision, told()]).toEqual([true, 2])
    expect((await consumers.positions(after, [chatId]))[0]!.cursor).toMatchObject({ seq: 3, frozen: undefined, attempts: 0 })
    const { items } = await hooks.listDeadRanges(key, hookId, page)
    expect(items).toEqual([{ chatId, from: 2, to: 3, types, at: clock.now(), error: 'nobody there' }])
    expect(await consumers.revived(hookId, 10)).toEqual([])
    await hooks.retryDeadRanges(key, hookId)
    expect([await consumers.revived(hookId, 10), told()]).toEqual([items, 3])
  })

  it('is the same after a skip where nothing has failed', async () => {
    const { hooks, consumers, chat } = world()
    const { chatId } = await chat()
    const { id: hookId } = (await hooks.createHook(key, { url })).hook
    const { revision } = (await consumers.get(hookId))!
    const standing = async () => (await consumers.positions((await consumers.get(hookId))!, [chatId]))[0]!.cursor
    await hooks.skipHook(key, { hookId, chatId })
    expect(await standing()).toBeUndefined()
    await consumers.move(cursorAt(hookId, chatId), { seq: 1 })
    await hooks.skipHook(key, { hookId, chatId })
    expect([(await standing())!.seq, (await consumers.get(hookId))!.revision]).toEqual([1, revision])
    expect((await hooks.listDeadRanges(key, hookId, page)).items).toEqual([])
    const lost = 'lost' as ChatId
    await expect(hooks.skipHook(key, { hookId, chatId: lost })).rejects.toMatchObject({ code: 'chat-not-found', facts: { chatId: lost } })
  })
})

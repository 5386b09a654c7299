import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { indexedDbPersist, memoryPersist, type OutboxEntry, type Persist, webSessionStore } from '../../../src/client/index.ts'
import { given } from './given.ts'

const entry = (key: string, order: number): OutboxEntry => ({
  key,
  chatId: 'c',
  text: `text of ${key}`,
  replyTo: undefined,
  at: 1,
  order,
  problem: undefined,
})

describe.each<readonly [string, () => Persist]>([
  ['memory', memoryPersist],
  [
    'IndexedDB',
    () => {
      const factory = new IDBFactory()
      return indexedDbPersist('https://chat.example.org', factory)
    },
  ],
])('an outbox in %s', (_, open) => {
  it('keeps what is put until it is removed, for each person', async () => {
    const persist = open()
    const store = await persist('ann')
    await store.put(entry('one', 1))
    await store.put(entry('two', 2))
    await store.put({ ...entry('one', 1), text: 'changed' })
    const again = await persist('ann')
    expect((await again.load()).map(({ text }) => text).sort()).toEqual(['changed', 'text of two'])
    await again.remove({ chatId: 'c', key: 'one' })
    expect(await store.load()).toEqual([entry('two', 2)])
    expect(await (await persist('bob')).load()).toEqual([])
  })
})

describe('a session in the browser’s storage', () => {
  it('is read again, and gone after signing out; what cannot be read is none', async () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
      removeItem: (name: string) => void kept.delete(name),
    }
    const store = webSessionStore(storage)
    const session = (await given()).ann.session()
    void store.write(session)
    expect(store.read()).toMatchObject({ accessToken: session.accessToken, user: { name: 'Ann' } })
    void store.write(undefined)
    expect(kept.size).toBe(0)
    kept.set('windi-chat.session', '{ broken')
    expect(store.read()).toBeUndefined()
  })
})

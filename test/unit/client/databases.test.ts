import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { indexedDbUploads, uploadsDatabase } from '../../../src/client/files/records.ts'
import type { UploadRecord } from '../../../src/client/files/types.ts'
import { indexedDbPersist } from '../../../src/client/platform/persist.ts'

const SERVICE = 'https://chat.example.org'
const looks = { id: 'a', name: 'a', size: 1, type: '', kind: 'file', width: 1, height: 1, thumbhash: 'x', createdAt: 1 } as const
const record = (key: string, name = key): UploadRecord => ({ key, name, at: 1, looks, blob: undefined, uploadId: 'u', file: undefined })

/** A database whose opening, or whose every change, fails: with what is given, or without a word. */
function failing({ opening, writing }: { readonly opening?: Error | null; readonly writing?: Error | null }) {
  const asked: unknown[] = []
  const transaction = { objectStore: () => ({ put: () => ({}), delete: () => ({}) }), error: writing, onabort: () => {} }
  const database = {
    transaction(...given: readonly unknown[]) {
      asked.push(given)
      queueMicrotask(() => transaction.onabort())
      return transaction
    },
  }
  const open = () => {
    const request = { result: database, error: opening, onsuccess: () => {}, onerror: () => {} }
    queueMicrotask(() => (opening === undefined ? request.onsuccess() : request.onerror()))
    return request
  }
  return { asked, factory: { open } }
}

describe('uploads in IndexedDB', () => {
  it('are kept by their key until they are removed, for each user', async () => {
    const persist = indexedDbUploads(SERVICE, new IDBFactory())
    const store = await persist('ann')
    await store.put(record('one'))
    await store.put(record('two'))
    await store.put(record('one', 'changed'))
    const again = await persist('ann')
    expect(await again.load()).toEqual([record('one', 'changed'), record('two')])
    expect([await again.get('one'), await again.get('three')]).toEqual([record('one', 'changed'), undefined])
    await again.remove('one')
    expect(await store.load()).toEqual([record('two')])
    expect(await (await persist('bob')).load()).toEqual([])
  })

  it('do not keep waiting whoever deletes them', async () => {
    const factory = new IDBFactory()
    await indexedDbUploads(SERVICE, factory)('ann')
    const end = await new Promise((resolve) => {
      const request = factory.deleteDatabase(uploadsDatabase(SERVICE, 'ann'))
      request.onsuccess = () => resolve('deleted')
      request.onblocked = () => resolve('blocked')
    })
    expect(end).toBe('deleted')
  })
})

describe.each([
  ['uploads', async (factory: { open(): object }) => (await indexedDbUploads(SERVICE, factory)('ann')).put(record('one'))],
  ['outbox', async (factory: { open(): object }) => (await indexedDbPersist(SERVICE, factory)('ann')).remove({ chatId: 'c', key: 'one' })],
])('the %s in a database that fails', (name, write) => {
  it('say why they cannot be opened', async () => {
    await expect(write(failing({ opening: new Error('no room') }).factory)).rejects.toThrow('no room')
    await expect(write(failing({ opening: null }).factory)).rejects.toThrow(`the ${name} cannot be opened`)
  })

  it('say why they cannot be written, which is to be on the disk once it is done', async () => {
    const { asked, factory } = failing({ writing: new Error('disk full') })
    await expect(write(factory)).rejects.toThrow('disk full')
    expect(asked).toEqual([[name, 'readwrite', { durability: 'strict' }]])
    await expect(write(failing({ writing: null }).factory)).rejects.toThrow(`the ${name} cannot be written`)
  })
})

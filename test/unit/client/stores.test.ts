import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/client/index.ts'
import { derived, sameObject } from '../../../src/client/platform/store.ts'
import { sortedList } from '../../../src/client/views/sorted-list.ts'
import { block } from '../../docs/blocks.ts'
import { clientOf, given, online } from './given.ts'

describe('what can be subscribed to', () => {
  it('calls once after all changes of a turn, and shows each at once', async () => {
    let made = 0
    const store = derived(() => ++made)
    const seen: number[] = []
    store.subscribe(() => seen.push(store.get()))
    for (let i = 0; i < 3; i++) {
      store.changed()
      expect(store.get()).toBe(i + 1)
    }
    expect(seen).toEqual([])
    await Promise.resolve()
    expect(seen).toEqual([3])
  })

  it('is the same object while nothing in it changes', () => {
    const before = { a: 1, b: 'x' }
    expect(sameObject(before, { a: 1, b: 'x' })).toBe(before)
    expect(sameObject(before, { a: 1, b: 'y' })).not.toBe(before)
  })

  it('is one call for a burst of events in many chats', async () => {
    const { server, ann, bob, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    const groups = []
    for (let i = 0; i < 20; i++) groups.push(await bob.group(`group ${i}`, [ann.id]))
    await clock.until(() => client.chats.get().items.length === 21)
    await clock.advance(5_000)
    let calls = 0
    client.chats.subscribe(() => calls++)
    const all = groups.map((chat_id) => ({
      chat_id,
      seq: 2,
      at: '2030-01-01T00:01:00.000Z',
      actor_id: bob.id,
      type: 'chat.renamed',
      name: 'New',
    }))
    server.faults.latencyMs = [5, 5]
    for (const event of all) server.say({ type: 'event', event: event as never })
    await clock.until(() => client.chats.get().items.filter(({ name }) => name === 'New').length === 20)
    expect(calls).toBeLessThanOrEqual(20)
  })

  it('stays sorted as a list that is sorted anew would be', () => {
    interface Item {
      readonly id: string
      readonly at: number
    }
    const compare = (a: Item, b: Item) => b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
    const list = sortedList(compare)
    const all = new Map<string, Item>()
    let shown: readonly Item[] = []
    for (let step = 0; step < 500; step++) {
      const id = `c${(step * 7) % 90}`
      const item = step % 11 === 0 ? undefined : { id, at: (step * 13) % 40 }
      if (item) all.set(id, item)
      else all.delete(id)
      const before = [...shown]
      const next = list.update([[id, item]])
      expect(shown).toEqual(before)
      expect(next).toEqual([...all.values()].sort(compare))
      shown = next
    }
    expect(list.update([...all].map(([id, item]) => [id, { ...item, at: -item.at }] as const)).map(({ at }) => at)).toEqual(
      [...all.values()].map(({ at }) => -at).sort((a, b) => b - a),
    )
  })

  it('is a ref of Vue with the lines of the guide', async () => {
    let dispose = () => {}
    const vue = { shallowRef: <T>(value: T) => ({ value }), onScopeDispose: (end: () => void) => void (dispose = end) }
    Object.assign(globalThis, { vue })
    const code = block('docs/guides/client.md', 'vue').replace(/^import (.*) from 'vue'$/m, 'const $1 = globalThis.vue')
    const { useStore } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
      useStore<T>(store: Store<T>): { value: T }
    }
    let n = 1
    const store = derived(() => n)
    const ref = useStore(store)
    n = 2
    store.changed()
    await Promise.resolve()
    expect(ref.value).toBe(2)
    dispose()
    n = 3
    store.changed()
    await Promise.resolve()
    expect(ref.value).toBe(2)
  })
})

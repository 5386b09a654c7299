import { describe, expect, it, onTestFinished } from 'vitest'
import { platformOf } from '../../../src/client/platform/platform.ts'

describe('the surroundings as they are', () => {
  it('let one work of a name at a time, in one program', async () => {
    const { lock } = platformOf({})
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      return name
    }
    expect(await Promise.all([lock('same', work('one')), lock('same', work('two'))])).toEqual(['one', 'two'])
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
    await expect(lock('same', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await lock('same', work('three'))).toBe('three')
  })

  it('make ids that are UUIDs, without a secure origin', () => {
    const ids = Array.from({ length: 100 }, () => platformOf({}).newId())
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('carry words between tabs', async () => {
    const [one, other] = [platformOf({}).channel('words'), platformOf({}).channel('words')]
    const heard = new Promise((resolve) => other.listen(resolve))
    one.post({ said: 'hello' })
    expect(await heard).toEqual({ said: 'hello' })
    one.close()
    other.close()
  })

  it('do not do what is not wanted any more when its turn comes', async () => {
    const { lock } = platformOf({})
    let end = () => {}
    const first = lock('name', () => new Promise<void>((resolve) => (end = resolve)))
    const stop = new AbortController()
    const done: string[] = []
    const second = lock('name', async () => done.push('second'), stop.signal)
    const third = lock('name', async () => done.push('third'), new AbortController().signal)
    const other = lock('other', async () => done.push('other'))
    await other
    expect(done).toEqual(['other'])
    stop.abort(new Error('enough'))
    end()
    await first
    await expect(second).rejects.toThrow('enough')
    await third
    expect(done).toEqual(['other', 'third'])
  })

  it('take turns with other tabs where the browser can', async () => {
    const asked: unknown[] = []
    const locks = { request: (...given: unknown[]) => (asked.push(given.slice(0, 2)), (given[2] as () => unknown)()) }
    const { lock, isOnline } = withGlobals({ navigator: { onLine: false, locks } }, () => platformOf({}))
    const { signal } = new AbortController()
    expect([await lock('a', async () => 1), await lock('b', async () => 2, signal)]).toEqual([1, 2])
    expect(asked).toEqual([
      ['a', {}],
      ['b', { signal }],
    ])
    expect(isOnline()).toBe(false)
    expect(
      [{}, { navigator: undefined }, { navigator: { onLine: true } }].map((some) => withGlobals(some, () => platformOf({})).isOnline()),
    ).toEqual([true, true, true])
  })

  it('tell when the network comes and goes, and when the page is shown, until nobody asks', () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const window = new EventTarget()
    const addEventListener = window.addEventListener.bind(window)
    const removeEventListener = window.removeEventListener.bind(window)
    const { watch } = withGlobals({ document: page, addEventListener, removeEventListener }, () => platformOf({}))
    const told: string[] = []
    const stop = watch((what) => told.push(what))
    const happens = () => {
      for (const name of ['offline', 'online', 'pageshow']) window.dispatchEvent(new Event(name))
      page.dispatchEvent(new Event('visibilitychange'))
    }
    happens()
    expect(told).toEqual(['offline', 'online', 'shown', 'shown'])
    page.visibilityState = 'hidden'
    happens()
    expect(told.slice(4)).toEqual(['offline', 'online'])
    stop()
    page.visibilityState = 'visible'
    happens()
    expect(told).toHaveLength(6)
  })

  it('hear nothing of a page where there is none', () => {
    const { watch } = platformOf({})
    expect(watch(() => {})()).toBeUndefined()
  })

  it('have no channel where there is none', () => {
    withGlobals({ BroadcastChannel: undefined }, () => {
      const channel = platformOf({}).channel('words')
      channel.listen(() => {})
      channel.post('hello')
      expect(channel.close()).toBeUndefined()
    })
  })

  it('call back once, however long that is, unless it is cancelled', async () => {
    const { later, now, random } = platformOf({})
    const called: string[] = []
    later(1e12, () => called.push('too soon'))()
    const cancel = later(1e12, () => called.push('too soon'))
    onTestFinished(cancel)
    later(0, () => called.push('cancelled'))()
    await new Promise<void>((resolve) => void later(1, resolve))
    expect(called).toEqual([])
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000)
    expect([random() >= 0, random() < 1]).toEqual([true, true])
  })

  it('are what was given in their place', () => {
    const fetch = async () => new Response()
    function Socket() {}
    const given = platformOf({ platform: { now: () => 1, newId: () => 'id' }, fetch, WebSocket: Socket as never })
    expect([given.now(), given.newId(), given.fetch === fetch, given.WebSocket === (Socket as never)]).toEqual([1, 'id', true, true])
    expect(platformOf({}).WebSocket).toBe(globalThis.WebSocket)
  })
})

/** What surrounds the program while something is made. */
function withGlobals<T>(globals: object, make: () => T): T {
  const names = Object.keys(globals)
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  try {
    return make()
  } finally {
    for (const [name, kept] of before) {
      if (kept) Object.defineProperty(globalThis, name, kept)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}

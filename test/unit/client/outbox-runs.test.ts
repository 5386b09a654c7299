import { describe, expect, it } from 'vitest'
import { problemError } from '../../../src/client/calls/problem.ts'
import { outbox } from '../../../src/client/outbox/outbox.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { Message, OutboxEntry } from '../../../src/client/types.ts'

const NETWORK = problemError({ type: 'about:blank', title: 'No', status: 0, code: 'network', request_id: '' })
const FULL = { type: 'about:blank', title: 'Full', status: 403, code: 'quota-full', request_id: '' } as never
const entry = (key: string, given: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key,
  chatId: 'c',
  text: key,
  replyTo: undefined,
  at: Date.UTC(2030, 0, 1),
  order: 1,
  problem: undefined,
  ...given,
})
const message = (key: string, given: object = {}) => ({ chatId: 'c', clientMessageId: key, version: 1, text: key, ...given }) as Message
const file = { id: 'f', name: 'f' } as never
const attached = (upload: string) => ({ upload, fileId: undefined, file })

interface Kept {
  readonly sharedAs?: string
  readonly entries?: readonly OutboxEntry[]
  readonly ageMs?: number
  load?(): Promise<void>
}

/** An outbox whose calls wait for what a test answers, and whose turns for what it gives. */
function sending({ sharedAs, entries = [], ageMs = 60_000, load = async () => {} }: Kept = {}) {
  const clock = virtualClock()
  const noted: string[] = []
  const posted: { readonly key: string; done(): Promise<void>; fail(error: unknown): Promise<void> }[] = []
  const turns: (() => Promise<void>)[] = []
  const timers = new Set<object>()
  const closed = new AbortController()
  const can = { send: true }
  let hear: (news: unknown) => void = () => {}
  const later = (ms: number, callback: () => void) => {
    const timer = {}
    timers.add(timer)
    const cancel = clock.later(ms, () => (timers.delete(timer), callback()))
    return () => (timers.delete(timer), cancel())
  }
  const channel = () => ({
    post() {},
    listen: (listener: typeof hear) => (hear = listener),
    close() {},
  })
  const lock = (_: string, work: () => Promise<void>) => new Promise<void>((resolve) => turns.push(() => work().then(resolve)))
  const store = {
    ...(sharedAs !== undefined && { sharedAs }),
    async load() {
      noted.push('load')
      await load()
      return entries
    },
    put: async ({ key }: OutboxEntry) => void noted.push(`put ${key}`),
    remove: async ({ key }: { readonly key: string }) => void noted.push(`remove ${key}`),
  }
  const all = outbox({
    platform: { now: clock.now, later, random: () => 1, newId: () => 'new', lock: lock as never, channel },
    persist: () => store,
    limits: { ageMs },
    emit: ((event: string, { during = '' }: { readonly during?: string }) => noted.push(`${event} ${during}`.trim())) as never,
    closed: closed.signal,
    canSend: () => can.send,
    post: ({ key }) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => (act(), clock.advance(0))
        posted.push({ key, done: () => settle(() => resolve(message(key))), fail: (error) => settle(() => reject(error)) })
      }),
    accepted: () => {},
    changed: (chatId) => void noted.push(`changed ${chatId}`),
  })
  return {
    all,
    clock,
    posted,
    turns,
    timers,
    closed,
    can,
    add: (key: string, options: object = {}) => all.add({ chatId: 'c', text: key, options: { key, ...options } }),
    keys: () => posted.map(({ key }) => key),
    status: (key: string) => all.find('c', key)?.state.get().status,
    taken: () => noted.splice(0),
    hear: (news: object) => hear(news),
  }
}

describe('the runs of an outbox', () => {
  it('are one at a time, and none once the client is closed', async () => {
    const { all, taken, closed, add, clock, can } = sending()
    can.send = false
    await Promise.all([all.start('ann'), all.start('ann')])
    await all.start('ann')
    expect(taken()).toEqual(['load'])
    add('a')
    await clock.advance(0)
    expect(taken()).toContain('put a')
    all.stop()
    await all.start('ann')
    expect(taken()).toEqual(['load'])
    all.stop()
    closed.abort()
    await all.start('ann')
    expect(taken()).toEqual([])
  })

  it('that are over send nothing, though their store was still being read, and leave no timer', async () => {
    const gate = Promise.withResolvers<void>()
    const { all, add, keys, clock } = sending({ load: () => gate.promise })
    const start = all.start('ann')
    await clock.advance(0)
    all.stop()
    gate.resolve()
    await start
    add('a')
    await clock.advance(60_000)
    expect(keys()).toEqual([])
    const other = sending()
    await other.all.start('ann')
    other.add('a')
    await other.clock.advance(0)
    await other.posted[0]!.fail(NETWORK)
    expect(other.timers.size).toBe(1)
    other.all.stop()
    expect(other.timers.size).toBe(0)
    other.all.pump(true)
    expect(other.keys()).toEqual(['a'])
  })

  it('take the turn that they have asked for last', async () => {
    const { all, turns, taken, clock } = sending({ sharedAs: 'shared' })
    await all.start('ann')
    all.stop()
    await all.start('ann')
    taken()
    void turns[0]!()
    await clock.advance(0)
    expect(taken()).toEqual([])
    void turns[1]!()
    await clock.advance(0)
    expect(taken()).toEqual(['load'])
  })

  it('send nothing in a turn that ends while their store is read', async () => {
    const gate = Promise.withResolvers<void>()
    let loads = 0
    const { all, turns, add, keys, clock } = sending({ sharedAs: 'shared', load: () => (loads++ ? gate.promise : Promise.resolve()) })
    await all.start('ann')
    add('a')
    void turns[0]!()
    await clock.advance(0)
    all.stop()
    gate.resolve()
    await clock.advance(0)
    expect(keys()).toEqual([])
  })
})

describe('a message that waits', () => {
  it('is sent to the last moment of its time, with one timer, and none when nothing waits', async () => {
    const { all, add, can, clock, keys, timers, posted, taken } = sending({ ageMs: 1_000 })
    await all.start('ann')
    can.send = false
    add('a')
    await clock.advance(1_000)
    expect(timers.size).toBe(0)
    can.send = true
    all.pump()
    expect(keys()).toEqual(['a'])
    taken()
    await posted[0]!.fail(new Error('a defect'))
    expect(taken()).toEqual(['error sending a message', 'changed c'])
    all.pump()
    all.pump()
    expect(timers.size).toBe(1)
  })

  it('lets the next one go when it has arrived, also without a text or edited meanwhile', async () => {
    const { all, add, keys, clock, posted, taken, status } = sending()
    await all.start('ann')
    for (const key of ['a', 'b', 'c']) add(key)
    await clock.advance(0)
    await posted[0]!.fail(NETWORK)
    expect(taken().filter((what) => what.startsWith('error'))).toEqual([])
    all.arrived(message('a', { text: 'another' }))
    expect(keys()).toEqual(['a'])
    all.arrived(message('a', { text: 'edited', version: 2 }))
    expect(keys()).toEqual(['a', 'b'])
    all.arrived(message('b', { text: undefined }))
    expect(keys()).toEqual(['a', 'b', 'c'])
    expect([status('a'), status('b'), status('c')]).toEqual([undefined, undefined, 'sending'])
  })

  it('is not tried again by hand, and one that has failed stays so, whatever file of it comes', async () => {
    const { all, add, keys, clock, status, taken } = sending({ entries: [entry('old', { problem: FULL })] })
    await all.start('ann')
    expect(status('old')).toBe('failed')
    const handle = add('a', { attachments: [attached('one'), attached('two')] })
    await clock.advance(0)
    taken()
    handle.retry()
    expect(taken()).toEqual([])
    all.uploaded('one', undefined, FULL)
    all.uploaded('two', { id: 'made' } as never)
    expect(status('a')).toBe('failed')
    handle.retry()
    expect(status('a')).toBe('queued')
    expect(keys()).toEqual([])
  })
})

describe('what other tabs tell', () => {
  it('leaves what is being sent, and is passed over where it is not known', async () => {
    const { all, hear, status } = sending({ sharedAs: 'shared' })
    await all.start('ann')
    hear({ type: 'put', entry: entry('a') })
    expect(status('a')).toBe('queued')
    hear({ type: 'moved', chatId: 'c', key: 'a', status: 'sending' })
    hear({ type: 'put', entry: entry('a', { text: 'with its file' }) })
    expect(status('a')).toBe('sending')
    hear({ type: 'of a later version' })
    hear({ type: 'toString' })
    expect(status('a')).toBe('sending')
  })

  it('is uncertain once they are gone: who sends now sends what they were sending, and nothing that has failed', async () => {
    const { all, hear, status, turns, can, clock, taken, keys } = sending({ sharedAs: 'shared' })
    await all.start('ann')
    for (const key of ['a', 'b']) hear({ type: 'put', entry: entry(key) })
    hear({ type: 'put', entry: entry('failed', { chatId: 'other', problem: FULL }) })
    hear({ type: 'moved', chatId: 'c', key: 'a', status: 'sending' })
    can.send = false
    taken()
    void turns[0]!()
    await clock.advance(0)
    expect(taken()).toEqual(['load', 'changed c'])
    expect([status('a'), all.find('other', 'failed')!.state.get().status]).toEqual(['queued', 'failed'])
    can.send = true
    all.pump()
    expect(keys()).toEqual(['a'])
  })
})

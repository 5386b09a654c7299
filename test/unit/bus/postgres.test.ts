import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { postgresBus } from '../../../src/adapters/bus/postgres.ts'
import type { PgClient, PgSource } from '../../../src/adapters/bus/postgres-line.ts'
import type { Bus, BusMessage, Published, Topic } from '../../../src/application/ports/bus.ts'

const EVERY = 5_000
const topic = (name: string) => `chat:${name}` as Topic
const hint = (name: string, head = 1): Published => ({
  topic: topic(name),
  notice: { type: 'head', chatId: name, head } as unknown as BusMessage,
})
const idOf = (n: number) => `00000000-0000-7000-8000-${`${n}`.padStart(12, '0')}`
const turns = async () => {
  for (let i = 0; i < 12; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
const open: Bus[] = []
afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close()
  vi.useRealTimers()
})

/** What a server does of LISTEN and NOTIFY, which a test may have lose or refuse it. */
function server() {
  const listening = new Map<object, { readonly channels: Set<string>; hear(payload: string): void }>()
  const said: { readonly to: readonly string[]; readonly texts: readonly string[] }[] = []
  const prepared: string[] = []
  const state = { isDeaf: false, isRefusing: false }
  let connected = 0
  class Client {
    #hear: (payload: string) => void = () => {}
    readonly #ended = new Set<() => void>()
    async connect() {
      connected++
    }
    async query(query: Parameters<PgClient['query']>[0]) {
      if (typeof query === 'string') {
        prepared.push(query)
        const channels = [...query.matchAll(/listen "?([\w-]+)"?/g)].map(([, channel]) => channel!)
        if (channels.length > 0) listening.set(this, { channels: new Set(channels), hear: (payload) => this.#hear(payload) })
        return
      }
      if (state.isRefusing) throw new Error('refused')
      const [texts, to] = query.values as [string, readonly string[]]
      said.push({ to, texts: texts.split('\u001e') })
      for (const text of texts.split('\u001e')) for (const channel of to) tell(channel, text)
    }
    async end() {
      listening.delete(this)
      for (const run of this.#ended) run()
    }
    on(event: string, listener: (given?: never) => void) {
      if (event === 'notification') this.#hear = (payload) => listener({ payload } as never)
      else this.#ended.add(() => listener())
    }
  }
  function tell(channel: string, payload: string): void {
    if (!state.isDeaf) for (const { channels, hear } of listening.values()) if (channels.has(channel)) hear(payload)
  }
  let ids = 0
  const join = async () => {
    const warned: string[] = []
    const lost: number[] = []
    const heard: string[] = []
    const bus = postgresBus({
      pool: { Client, options: {} } as unknown as PgSource,
      release: '1',
      newId: () => idOf(++ids),
      random: () => 0.5,
      warn: (text) => void warned.push(text),
      lost: (count) => void lost.push(count),
    })
    open.push(bus)
    bus.listen((one, notice) => void heard.push(`${one} ${(notice as { head: number }).head}`))
    bus.follow([topic('a')])
    await turns()
    return { bus, warned, lost, heard, node: idOf(ids) }
  }
  /** What was said but for greetings. */
  const told = () => said.splice(0).filter(({ texts }) => texts.some((text) => text.includes(' ')))
  return { join, told, said, state, tell, prepared, connections: () => connected, listening }
}
const pass = async (ms: number) => {
  vi.advanceTimersByTime(ms)
  await turns()
}

describe('a bus over Postgres', () => {
  it('listens on a channel for all and on one of its own, and says that it is there', async () => {
    const { join, prepared, said, connections } = server()
    const { bus, node } = await join()
    expect(prepared.toSorted()).toEqual([`listen windi_chat; listen "windi_chat_${node}"`, 'set synchronous_commit = off'])
    expect(said.at(-1)).toEqual({ to: ['windi_chat'], texts: [node] })
    expect([connections(), bus.isConnected?.()]).toEqual([2, true])
    const before = said.length
    await pass(EVERY / 2 - 1)
    expect(said).toHaveLength(before)
    await pass(1)
    expect(said).toHaveLength(before + 1)
    await pass(EVERY - 1)
    expect(said).toHaveLength(before + 1)
    await pass(1)
    expect(said).toHaveLength(before + 2)
  })

  it('publishes nothing while it is alone; to a few others on their own channels, to many on that of all', async () => {
    const { join, told } = server()
    const first = await join()
    first.bus.publish([hint('a')])
    await turns()
    expect([told(), first.lost]).toEqual([[], []])
    const others = [await join(), await join(), await join(), await join()]
    first.bus.publish([hint('a', 7), hint('b', 8)])
    await turns()
    expect(told().map(({ to }) => to)).toEqual([others.map(({ node }) => `windi_chat_${node}`)])
    expect([others.map(({ heard }) => heard), first.heard]).toEqual([[['chat:a 7'], ['chat:a 7'], ['chat:a 7'], ['chat:a 7']], []])
    await join()
    first.bus.publish([hint('a', 9)])
    await turns()
    expect(told().map(({ to }) => to)).toEqual([['windi_chat']])
    expect([first.heard, others[0]!.heard]).toEqual([[], ['chat:a 7', 'chat:a 9']])
  })

  it('forgets who was not heard of for four rounds, and knows at once who comes', async () => {
    const { join, told, tell } = server()
    const { bus, warned } = await join()
    const other = idOf(99)
    tell('windi_chat', other)
    await pass(EVERY / 2)
    for (let round = 0; round < 3; round++) await pass(EVERY)
    bus.publish([hint('a')])
    await turns()
    expect(told()).toHaveLength(1)
    await pass(EVERY)
    bus.publish([hint('a')])
    await turns()
    expect(told()).toEqual([])
    tell('windi_chat', other)
    await turns()
    bus.publish([hint('a')])
    await turns()
    expect([told().map(({ to }) => to), warned]).toEqual([[[`windi_chat_${other}`]], []])
  })

  it('answers a new process with a greeting, and no known one', async () => {
    const { join, said, tell } = server()
    await join()
    const before = said.length
    tell('windi_chat', idOf(99))
    await turns()
    tell('windi_chat', `${idOf(99)} chat:a {}`)
    await turns()
    expect(said).toHaveLength(before + 1)
  })

  it('hears what a transaction of a host has notified, and what is not of a process it passes over', async () => {
    const { join, tell, told } = server()
    const { bus, heard } = await join()
    const { channel, payloads } = bus.atCommit!([hint('a', 5)])
    for (const payload of payloads) tell(channel, payload)
    tell(channel, 'short chat:a {"type":"head","chatId":"a","head":6}')
    tell(channel, '')
    expect([channel, heard]).toEqual(['windi_chat', ['chat:a 5']])
    bus.publish([hint('a')])
    await turns()
    expect(told()).toEqual([])
    bus.unfollow([topic('a')])
    for (const payload of payloads) tell(channel, payload)
    expect(heard).toHaveLength(1)
  })

  it('opens another connection when it does not hear itself for more than four rounds', async () => {
    const { join, state, connections } = server()
    await join()
    await pass(EVERY / 2)
    for (let round = 0; round < 6; round++) await pass(EVERY)
    expect(connections()).toBe(2)
    state.isDeaf = true
    for (let round = 0; round < 4; round++) await pass(EVERY)
    expect(connections()).toBe(2)
    await pass(EVERY)
    await pass(1_000)
    expect(connections()).toBe(3)
    state.isDeaf = false
    for (let round = 0; round < 8; round++) await pass(EVERY)
    expect(connections()).toBe(3)
  })

  it('says once for each trouble how much could not be told, and opens another connection', async () => {
    const { join, state, connections } = server()
    const { bus, warned, lost } = await join()
    await join()
    const before = connections()
    state.isRefusing = true
    bus.publish([hint('a'), hint('a')])
    await turns()
    const about = () => warned.filter((text) => text.startsWith('Other processes'))
    expect([lost, about()]).toEqual([[2], ['Other processes were not told of 2 changes and will find them by themselves: refused']])
    expect(bus.isConnected?.()).toBe(false)
    bus.publish([hint('a')])
    expect(lost).toEqual([2, 1])
    state.isRefusing = false
    await pass(1_000)
    expect([connections() > before, bus.isConnected?.()]).toEqual([true, true])
    bus.publish([hint('a')])
    await turns()
    state.isRefusing = true
    bus.publish([hint('a')])
    await turns()
    expect([lost, about().length]).toEqual([[2, 1, 1], 2])
  })

  it('says and hears nothing once it is closed', async () => {
    const { join, said, listening } = server()
    const { bus } = await join()
    await join()
    await bus.close()
    const before = said.length
    bus.publish([hint('a')])
    await turns()
    expect([said.slice(before), listening.size]).toEqual([[], 1])
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PgSource, postgresLine } from '../../../src/adapters/bus/postgres-line.ts'

const turns = async () => {
  for (let i = 0; i < 6; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A line to a server that a test lets refuse or end connections. */
async function line({ isRefusing = false } = {}) {
  const state = { isRefusing }
  const clients: { readonly options: object; readonly deeds: string[]; tell(event: string, error?: Error): void }[] = []
  class Client {
    readonly connection = { stream: { destroy: () => void this.deeds.push('destroy') } }
    readonly deeds: string[] = []
    readonly #listeners = new Map<string, (error?: never) => void>()
    constructor(options: object) {
      clients.push({ options, deeds: this.deeds, tell: (event, error) => this.#listeners.get(event)!(error as never) })
    }
    async connect() {
      if (state.isRefusing) throw new Error('refused')
    }
    query = async () => undefined
    end = async () => void this.deeds.push('end')
    on = (event: string, listener: (given?: never) => void) => this.#listeners.set(event, listener)
  }
  const warned: string[] = []
  const deeds: string[] = []
  const subject = postgresLine({ Client, options: { host: 'there', password: 'secret' } } as unknown as PgSource, {
    prepare: async () => void deeds.push('prepared'),
    opened: () => void deeds.push('opened'),
    warn: (text) => void warned.push(text),
    random: () => 1,
    patienceMs: 700,
  })
  await turns()
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms)
    await turns()
  }
  return { ...subject, state, clients, warned, deeds, pass }
}

describe('a connection to Postgres', () => {
  it('is prepared, and then said to be there; nobody is waited for longer than is said', async () => {
    const { clients, client, deeds, warned } = await line()
    expect([deeds, client() !== undefined, warned]).toEqual([['prepared', 'opened'], true, []])
    const limits = { query_timeout: 700, connectionTimeoutMillis: 700 }
    expect(clients[0]!.options).toEqual({ host: 'there', password: 'secret', ...limits })
  })

  it.each(['error', 'end'])('that is lost by %s is opened again after a while, and said once', async (event) => {
    const { clients, client, warned, pass, deeds } = await line()
    const wrong = event === 'error' ? new Error('broken') : undefined
    clients[0]!.tell(event, wrong)
    clients[0]!.tell('end')
    expect([client(), clients[0]!.deeds]).toEqual([undefined, ['destroy']])
    const why = wrong ? 'broken' : 'it has ended'
    expect(warned).toEqual([`A connection between processes was lost and is opened again: ${why}`])
    await pass(99)
    expect(clients).toHaveLength(1)
    await pass(1)
    expect([clients.length, client() !== undefined, deeds.length]).toEqual([2, true, 4])
  })

  it('is tried again later each time, and soon again once it was there', async () => {
    const { clients, state, warned, pass } = await line({ isRefusing: true })
    expect(warned).toEqual(['A connection between processes was lost and is opened again: refused'])
    for (const [n, wait] of [100, 200, 400].entries()) {
      await pass(wait - 1)
      expect(clients).toHaveLength(n + 1)
      await pass(1)
      expect(clients).toHaveLength(n + 2)
    }
    state.isRefusing = false
    await pass(800)
    expect([clients.length, warned.length]).toEqual([5, 1])
    clients[4]!.tell('end')
    expect(warned).toHaveLength(2)
    await pass(100)
    expect(clients).toHaveLength(6)
  })

  it('is given up when it is cut, once', async () => {
    const { clients, client, cut, warned, pass } = await line()
    cut()
    cut()
    clients[0]!.tell('end')
    expect([client(), clients[0]!.deeds, warned]).toEqual([
      undefined,
      ['destroy'],
      ['A connection between processes was lost and is opened again: nobody answers'],
    ])
    await pass(100)
    expect([clients.length, client() !== undefined]).toEqual([2, true])
  })

  it('is ended politely, and opened no more', async () => {
    const { clients, client, close, warned, pass } = await line()
    await close()
    clients[0]!.tell('end')
    await pass(60_000)
    expect([clients.length, clients[0]!.deeds, client(), warned]).toEqual([1, ['end', 'destroy'], undefined, []])
  })

  it('that was not there yet is not waited for, and one that is to be tried again is not', async () => {
    const { clients, close, pass } = await line({ isRefusing: true })
    await close()
    await pass(60_000)
    expect([clients.length, clients[0]!.deeds]).toEqual([1, ['destroy']])
  })
})

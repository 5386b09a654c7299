import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, withRedis } from '../support/databases.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Frame, type ModelClient, type ModelClientOptions, modelClient } from '../support/model-client.ts'
import type { Entry } from '../support/recording.ts'
import { startRedis } from '../support/redis.ts'
import { type Service, startService } from '../support/service.ts'
import { eventually } from '../support/waiting.ts'

const busless = fileURLToPath(new URL('../support/serve-without-bus.ts', import.meta.url))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

const lines: ModelClient[] = []
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.stop()))
})
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Line = ModelClient & { readonly frames: readonly Frame[]; readonly entries: readonly Entry[] }

const services: Readonly<Record<string, { readonly withinMs: number; open(): Promise<readonly [Service, Service]> }>> = {
  'Postgres alone': { withinMs: 1_000, open: () => two({}) },
  ...(withRedis && {
    'Postgres and Redis': {
      withinMs: 1_000,
      async open() {
        const redis = await startRedis()
        closers.push(redis.stop)
        return two({ env: { REDIS_URL: redis.url } })
      },
    },
  }),
  'Postgres and no bus at all': { withinMs: 5_000, open: () => two({ program: busless, args: [] }) },
}

async function two({ env = {}, ...options }: Parameters<typeof startService>[0] & object): Promise<readonly [Service, Service]> {
  const { url, drop } = await freshDatabase()
  closers.push(drop)
  const started = await Promise.all(upTo(2).map(() => startService({ env: { DATABASE_URL: url, LOG_LEVEL: 'warn', ...env }, ...options })))
  closers.push(() => Promise.all(started.map((service) => service.stop())))
  return started as unknown as readonly [Service, Service]
}

/** Somebody connected to these processes, or to one of them. */
async function connected({ id, token }: SignedInClient, urls: readonly string[], more: Partial<ModelClientOptions> = {}): Promise<Line> {
  const frames: Frame[] = []
  const entries: Entry[] = []
  const record = (entry: Entry) => void entries.push(entry)
  const client = modelClient({ user: id, token, urls, record, onFrame: (frame) => frames.push(frame), ...more })
  lines.push(client)
  await client.level()
  return { ...client, frames, entries }
}

/** Two people in a group; the first on the first process, the second on the second. */
async function scene([first, second]: readonly [Service, Service]) {
  const http = [httpClient(first.url), httpClient(second.url)] as const
  const ann = await http[0].register('Ann')
  const bob = await http[1].register('Bob')
  const { body } = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Two', member_ids: [bob.id] })
  const chat = body.id
  const annThere = await connected(ann, [first.url])
  const bobThere = await connected(bob, [second.url])
  return { ann, bob, chat, annThere, bobThere, http }
}

const framesOf = ({ frames }: Line, type: string) => frames.filter((frame) => frame.type === type)
const eventsOf = ({ entries }: Line, chat: string) =>
  entries.flatMap((entry) => (entry.type === 'applied' && entry.chat === chat ? [entry] : []))

/** How long it takes until it is so. */
async function timed(assertion: () => void): Promise<number> {
  const began = performance.now()
  await eventually(assertion, { timeoutMs: 15_000, everyMs: 2 })
  return performance.now() - began
}
const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!

describe.each(Object.entries(services))('two processes on %s', { timeout: 90_000 }, (name, { withinMs, open }) => {
  let processes: readonly [Service, Service]
  beforeAll(async () => {
    processes = await open()
  })

  it(`tell each other of messages and receipts within ${withinMs} ms`, async () => {
    const { chat, annThere, bobThere, bob } = await scene(processes)
    const times: { message: number; receipt: number }[] = []
    await annThere.command({ type: 'join_chat', chat_id: chat })
    for (const n of upTo(5)) {
      const sent = (await annThere.send(chat, `k${n}`, 'hello', n))!
      const message = await timed(() => expect(eventsOf(bobThere, chat).at(-1)?.seq).toBe(sent.seq))
      await bobThere.command({ type: 'mark_read', chat_id: chat, seq: sent.seq })
      const receipt = await timed(() =>
        expect(framesOf(annThere, 'receipt').at(-1)).toMatchObject({ user_id: bob.id, read_seq: sent.seq, unread: null }),
      )
      times.push({ message, receipt })
    }
    expect(median(times.map(({ message }) => message))).toBeLessThan(withinMs)
    expect(median(times.map(({ receipt }) => receipt))).toBeLessThan(withinMs)
  })

  it('carry 300 sends from both at once to everybody, once and in one order', async () => {
    const { ann, bob, chat, annThere, bobThere } = await scene(processes)
    const everybody = [annThere, bobThere, await connected(ann, [processes[1].url]), await connected(bob, [processes[0].url])]
    const from = [annThere, bobThere]
    const sent = await Promise.all(
      upTo(300).map(async (n) => {
        const { message } = (await from[n % 2]!.command({
          type: 'send_message',
          chat_id: chat,
          client_message_id: `k${n}`,
          text: `text ${n}`,
        })) as { message: { id: string; seq: number } }
        return message
      }),
    )
    const expected = sent.toSorted((a, b) => a.seq - b.seq).map(({ id }) => `message.sent ${id}`)
    expect(new Set(sent.map(({ seq }) => seq)).size).toBe(300)
    for (const line of everybody) {
      await eventually(() => expect(eventsOf(line, chat).length).toBeGreaterThanOrEqual(300), { timeoutMs: 15_000 })
      expect(eventsOf(line, chat).map(({ what }) => what)).toEqual(expected)
      expect(line.entries.filter(({ type }) => type === 'out-of-turn' || type === 'gap')).toEqual([])
    }
  })

  it('end sessions and take people out of chats everywhere', async () => {
    const { ann, bob, chat, bobThere, http } = await scene(processes)
    const other = await http[0].login((await bob.call<{ username: string }>('get', '/users/me')).body.username, bob.password)
    expect((await ann.call('delete', `/chats/${chat}/members/${bob.id}`)).status).toBe(204)
    await eventually(() => expect(framesOf(bobThere, 'chat_gone')).toEqual([{ type: 'chat_gone', chat_id: chat, reason: 'removed' }]))
    expect((await ann.call('post', `/chats/${chat}/members`, { user_ids: [bob.id] })).status).toBe(200)
    await eventually(() => expect(eventsOf(bobThere, chat).at(-1)?.what).toBe(`member.added ${bob.id}`))
    expect((await other.call('delete', `/auth/sessions/${bob.session.session_id}`)).status).toBe(204)
    await eventually(() => expect(bobThere.lastClose()).toBe(4403))
  })

  describe.each(name.includes('no bus') ? [] : ['a bus'])('and on %s', () => {
    it('tell each other who types and who is there', async () => {
      const { ann, bob, chat, annThere, bobThere } = await scene(processes)
      const times: { presence: number; typing: number }[] = []
      const online = async (line: Line) => (await line.command({ type: 'join_chat', chat_id: chat })).online
      for (const line of [annThere, bobThere])
        await eventually(async () => expect(await online(line)).toEqual(expect.arrayContaining([ann.id, bob.id])), { timeoutMs: 2_000 })
      const there = { type: 'presence', user_id: bob.id, online: true }
      for (const _ of upTo(5)) {
        bobThere.drop()
        await eventually(() =>
          expect(framesOf(annThere, 'presence').filter(({ online }) => online === false).length).toBeGreaterThan(times.length),
        )
        await bobThere.level()
        const presence = await timed(() => expect(framesOf(annThere, 'presence').at(-1)).toMatchObject({ ...there, online: true }))
        await bobThere.command({ type: 'typing', chat_id: chat, active: true })
        const on = await timed(() =>
          expect(framesOf(annThere, 'typing').at(-1)).toEqual({ type: 'typing', chat_id: chat, user_ids: [bob.id] }),
        )
        await bobThere.command({ type: 'typing', chat_id: chat, active: false })
        const off = await timed(() => expect(framesOf(annThere, 'typing').at(-1)).toEqual({ type: 'typing', chat_id: chat, user_ids: [] }))
        times.push({ presence, typing: Math.max(on, off) })
      }
      expect(median(times.map(({ presence }) => presence))).toBeLessThan(withinMs)
      expect(median(times.map(({ typing }) => typing))).toBeLessThan(withinMs)
    })

    it('tell each other of a new name', async () => {
      const { ann, annThere, bobThere } = await scene(processes)
      const annAgain = await connected(ann, [processes[1].url])
      expect((await ann.call('patch', '/users/me', { name: 'Anne' })).status).toBe(200)
      for (const line of [annThere, bobThere, annAgain])
        await eventually(() => expect(framesOf(line, 'user')).toMatchObject([{ user: { id: ann.id, name: 'Anne' } }]), { timeoutMs: 5_000 })
    })

    it('close a line that a newer one of the same device has replaced', async () => {
      const [first, second] = processes
      const ann = await httpClient(first.url).register('Ann')
      const older = await connected(ann, [first.url], { deviceId: 'phone' })
      const other = await connected(ann, [first.url], { deviceId: 'laptop' })
      const newer = await connected(ann, [second.url], { deviceId: 'phone' })
      await eventually(() => expect(older.lastClose()).toBe(4409))
      expect([other.isLevel(), newer.isLevel()]).toEqual([true, true])
    })
  })

  it('lose nothing that the first has acknowledged when it is killed under load', async () => {
    const { chat, annThere, bobThere } = await scene(processes)
    const acknowledged: string[] = []
    const sending = async (k: number) => {
      for (let n = 1; ; n++) {
        const frame = { type: 'send_message', chat_id: chat, client_message_id: `${k} ${n}`, text: 'x' }
        const { message } = (await annThere.command(frame)) as { message: { id: string } }
        acknowledged.push(`message.sent ${message.id}`)
      }
    }
    const ended = Promise.allSettled(upTo(20).map(sending))
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(200))
    await processes[0].kill('SIGKILL')
    await ended
    const took = await timed(() => {
      const seen = new Set(eventsOf(bobThere, chat).map(({ what }) => what))
      expect(acknowledged.filter((what) => !seen.has(what))).toEqual([])
    })
    expect(took).toBeLessThan(5_000)
    const seqs = eventsOf(bobThere, chat).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i))
  })
})

import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ChatId } from '../../../src/domain/ids.ts'
import type { SocketClient } from '../../support/socket-client.ts'
import { eventually } from '../../support/waiting.ts'
import { type Given, given, type Somebody } from './given.ts'

const LONG = 'я'.repeat(4_000)

const abreast = (reader: SocketClient, events: number) => eventually(() => expect(reader.of('event')).toHaveLength(events), { everyMs: 1 })

/** Says so much that no buffer of the network holds it, as fast as somebody else can read. */
async function flood(at: Given, anna: Somebody, chat: ChatId, { times = 1_500, reader }: { times?: number; reader?: SocketClient } = {}) {
  for (let i = 1; i <= times; i++) {
    await at.say(anna, chat, `${i} ${LONG}`)
    if (i % 10 !== 0) continue
    await (reader ? abreast(reader, i) : new Promise((done) => setImmediate(done)))
  }
}

/** What a client does that was told of a gap. */
async function caughtUp(socket: SocketClient, chat_id: ChatId, head: number): Promise<number[]> {
  const seqs = new Set(socket.of('event').map(({ event }) => event.seq))
  for (let after = 1; after < head; ) {
    if (seqs.has(after + 1)) after++
    else for (const { seq } of (await socket.get('fetch', { chat_id, after })).events) seqs.add(seq)
  }
  return [...seqs].sort((a, b) => a - b)
}

describe('a reader who stops reading', () => {
  it('is told of a gap and catches up; the others hear everything', async () => {
    let gaps = 0
    const metrics = { socketOpened() {}, socketClosed() {}, gapSent: () => void gaps++ }
    await using at = await given({ waitingBytes: 200_000, metrics })
    const [anna, boris, cyd] = [await at.person('Анна'), await at.person('Борис'), await at.person('Сид')]
    const chat = await at.group(anna, boris, cyd)
    const [slow, quick] = [await at.live(boris), await at.live(cyd)]
    slow.pause()
    await flood(at, anna, chat, { reader: quick })
    expect(quick.of('gap')).toEqual([])
    slow.goOn()
    const gap = await slow.first('gap')
    expect(gap).toMatchObject({ chat_id: chat })
    expect(gaps).toBe(slow.of('gap').length)
    const before = slow.frames.slice(0, slow.frames.indexOf(gap)).flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : []))
    expect(gap.from).toBe(before.at(-1)! + 1)
    expect(await caughtUp(slow, chat, 1_501)).toEqual(Array.from({ length: 1_500 }, (_, i) => i + 2))
    await at.say(anna, chat, 'и дальше')
    await slow.first('event', ({ event }) => event.seq === 1_502)
  })

  it('is heard again when it reads', async () => {
    await using at = await given({ waitingBytes: 200_000, random: () => 0 })
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const slow = await at.live(boris)
    slow.pause()
    await flood(at, anna, chat)
    const asked = Array.from({ length: 100 }, (_, i) =>
      slow.get('send_message', { chat_id: chat, client_message_id: `${i}`, text: `${i}` }),
    )
    at.pass(25_000)
    slow.goOn()
    const sent = await Promise.all(asked)
    expect(sent.map(({ message }) => message.text)).toEqual(asked.map((_, i) => `${i}`))
    const heads = await slow.first('heads')
    const told = slow.frames.slice(0, slow.frames.indexOf(heads)).flatMap((frame) => {
      if (frame.type === 'event') return [frame.event.seq]
      return frame.type === 'gap' ? [frame.to] : []
    })
    expect(heads.heads[chat]).toBeLessThanOrEqual(Math.max(...told))
  })

  it('gets no frame of a chat behind `chat_gone`', async () => {
    await using at = await given({ waitingBytes: 2_000_000 })
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const slow = await at.live(boris)
    slow.pause()
    await flood(at, anna, chat)
    await at.api.removeMembers(anna, { chatId: chat, userIds: [boris.userId] })
    slow.goOn()
    const gone = await slow.first('chat_gone')
    await slow.get('ping', {})
    expect(slow.frames.slice(slow.frames.indexOf(gone) + 1).map(({ type }) => type)).toEqual(['ok'])
    expect(slow.of('event').length).toBeLessThan(1_500)
  })

  it('is given up with 4002 when nothing was read for two beats in spite of a gap', async () => {
    const closed: number[] = []
    let gaps = 0
    const metrics = { socketOpened() {}, socketClosed: (code: number) => void closed.push(code), gapSent: () => void gaps++ }
    await using at = await given({ waitingBytes: 200_000, heartbeatMs: 1_000, random: () => 0, metrics })
    const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
    const chat = await at.group(anna, boris)
    const slow = await at.live(boris)
    slow.pause()
    await flood(at, anna, chat)
    expect(at.sockets.slowReaders()).toEqual({ count: 1, bytes: expect.any(Number) })
    expect(at.sockets.slowReaders().bytes).toBeGreaterThan(50_000)
    for (let beat = 0; beat < 4; beat++) at.pass(1_000)
    expect(at.app.hub.connectionsOf(boris.userId)).toBe(0)
    slow.goOn()
    expect((await slow.closed).code).toBe(4002)
    await eventually(() => expect(closed).toContain(4002))
    expect(at.sockets.slowReaders()).toEqual({ count: 0, bytes: 0 })
    expect(gaps).toBe(0)
  })

  it('that asks for more than it reads is read no further', async () => {
    await using at = await given({ waitingBytes: 200_000 })
    const anna = await at.person('Анна')
    const chat = await at.group(anna)
    await flood(at, anna, chat, { times: 120 })
    const slow = await at.live(anna)
    slow.pause()
    let answered = 0
    const asked = Array.from({ length: 60 }, () => slow.get('fetch', { chat_id: chat, after: 0 }).then(() => answered++))
    for (let turn = 0; turn < 50; turn++) await new Promise((done) => setImmediate(done))
    expect(at.sockets.size).toBe(1)
    slow.goOn()
    await Promise.all(asked)
    expect(answered).toBe(60)
  })
})

describe('a ping', () => {
  it('is answered with its payload, after what was said before', async () => {
    await using at = await given()
    const socket = await at.connect()
    const pongs: string[] = []
    socket.ws.on('pong', (payload: Buffer) => pongs.push(payload.toString()))
    socket.ws.ping('x'.repeat(125))
    socket.ws.ping()
    await eventually(() => expect(pongs).toEqual(['x'.repeat(125), '']))
  })

  it('of one who does not read fills no memory', async () => {
    await using at = await given({ waitingBytes: 200_000 })
    const lines: Socket[] = []
    at.http.on('connection', (line: Socket) => lines.push(line))
    const slow = await at.connect()
    slow.pause()
    for (let i = 0; i < 100; i++) {
      for (let ping = 0; ping < 1_000; ping++) slow.ws.ping('x'.repeat(125))
      await new Promise((done) => setImmediate(done))
      expect(lines[0]!.writableLength).toBeLessThan(200_000)
    }
    slow.goOn()
    await slow.ask('ping', {})
  })
})

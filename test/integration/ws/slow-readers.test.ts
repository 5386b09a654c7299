import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { emptyBacklog, isClear, makeRoom, putAnswer, putDelivery, takeFrom } from '../../../src/adapters/ws/backlog.ts'
import { beginning, bytesOf, extended } from '../../../src/adapters/ws/batch.ts'
import { textFrame } from '../../../src/adapters/ws/text-frame.ts'
import { enter, leave, type Manner, type Turn } from '../../../src/adapters/ws/turns.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'
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

describe('what waits for a reader', () => {
  const chat = (name: string) => name as ChatId
  const event = (chatId: string, seq: number): Delivery => ({ type: 'event', event: { chatId, seq, type: 'member.left' } as ChatEvent })
  const receipt = (userId: string, readSeq: number): Delivery => ({
    type: 'receipt',
    chatId: chat('one'),
    userId: userId as UserId,
    readSeq,
    at: 0,
    unread: undefined,
    unreadMentions: undefined,
  })
  const typing = (userIds: string[]): Delivery => ({ type: 'typing', chatId: chat('one'), userIds: userIds as UserId[] })
  const named = (name: string, size = 10) => Buffer.from(name.padEnd(size, '.'))
  const taken = (backlog: ReturnType<typeof emptyBacklog>, bytes = 1e9) =>
    takeFrom(backlog, bytes, (chatId, { from, to }) => named(`gap ${chatId} ${from}-${to}`)).map((frame) =>
      String(frame).replace(/\.+$/, ''),
    )

  it('goes out control first, then durable, then receipts, then what passes', () => {
    const backlog = emptyBacklog()
    putDelivery(backlog, typing(['a']), named('typing'))
    putDelivery(backlog, receipt('a', 1), named('receipt'))
    putDelivery(backlog, event('one', 1), named('event'))
    putAnswer(backlog, named('ok'))
    putDelivery(backlog, { type: 'chat_gone', chatId: chat('two'), reason: 'left' }, named('gone'))
    expect(taken(backlog)).toEqual(['gone', 'event', 'ok', 'receipt', 'typing'])
    expect([backlog.bytes, isClear(backlog)]).toEqual([0, true])
  })

  it('is replaced by what is newer, where only the newest counts', () => {
    const backlog = emptyBacklog()
    for (const seq of [1, 2, 3]) putDelivery(backlog, receipt('a', seq), named(`a ${seq}`, 10 * seq))
    putDelivery(backlog, receipt('b', 1), named('b 1'))
    for (const n of [1, 2]) putDelivery(backlog, typing(['x'.repeat(n)]), named(`typing ${n}`))
    expect(backlog.bytes).toBe(50)
    expect(taken(backlog)).toEqual(['a 3', 'b 1', 'typing 2'])
    expect(backlog.bytes).toBe(0)
  })

  it('goes without its chat, when the chat is gone', () => {
    const backlog = emptyBacklog()
    putDelivery(backlog, event('one', 1), named('one'))
    putDelivery(backlog, event('two', 1), named('two'))
    putDelivery(backlog, receipt('a', 1), named('receipt'))
    putDelivery(backlog, typing(['a']), named('typing'))
    putDelivery(backlog, { type: 'chat_gone', chatId: chat('one'), reason: 'removed' }, named('gone'))
    expect(taken(backlog)).toEqual(['gone', 'two'])
    expect(backlog.bytes).toBe(0)
  })

  it('loses the chat with most of it, and says from where to where', () => {
    const backlog = emptyBacklog()
    for (let seq = 1; seq <= 30; seq++) putDelivery(backlog, event('large', seq), named(`large ${seq}`))
    for (let seq = 1; seq <= 5; seq++) putDelivery(backlog, event('small', seq), named(`small ${seq}`))
    putDelivery(backlog, typing(['a']), named('typing'))
    putAnswer(backlog, named('ok'))
    makeRoom(backlog, 100)
    expect(backlog.bytes).toBe(60)
    putDelivery(backlog, event('large', 31), named('large 31'))
    expect(taken(backlog)).toEqual(['gap large 1-30', 'small 1', 'small 2', 'small 3', 'small 4', 'small 5', 'ok', 'large 31'])
  })

  it('makes one gap of two that follow', () => {
    const backlog = emptyBacklog()
    for (let seq = 1; seq <= 40; seq++) {
      putDelivery(backlog, event('one', seq), named(`${seq}`))
      if (seq % 10 === 0) makeRoom(backlog, 0)
    }
    expect(taken(backlog)).toEqual(['gap one 1-40'])
  })

  it('is taken in parts, in order', () => {
    const backlog = emptyBacklog()
    const names = Array.from({ length: 3_000 }, (_, i) => `${i}`)
    const out: string[] = []
    for (const [i, name] of names.entries()) {
      putDelivery(backlog, event('one', i + 1), named(name))
      if (i % 3 !== 0) out.push(...taken(backlog, 5))
    }
    while (!isClear(backlog)) out.push(...taken(backlog, 25))
    expect(out).toEqual(names)
    expect(backlog.bytes).toBe(0)
  })
})

describe('the bytes of a turn', () => {
  it('are joined once for all who are told the same', () => {
    const start = beginning()
    const frames = ['a', 'b', 'c'].map((text) => textFrame(text))
    const walk = (isShared: boolean[] = [true, true, true]) => frames.reduce((at, frame, i) => extended(at, frame, isShared[i]!), start)
    const [one, other] = [walk(), walk()]
    expect(bytesOf(one)).toBe(bytesOf(other))
    expect(bytesOf(one)).toEqual(Buffer.concat(frames))
    const apart = extended(extended(start, textFrame('x'), false), frames[1]!, true)
    expect(bytesOf(apart)).toEqual(Buffer.concat([textFrame('x'), frames[1]!]))
    expect(walk()).toBe(one)
  })

  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('frame a text of %i bytes', (length) => {
    const frame = textFrame('x'.repeat(length))
    const header = length <= 125 ? 2 : length < 65_536 ? 4 : 10
    expect(frame.length).toBe(header + length)
    expect(frame[0]).toBe(0x81)
    expect(frame.subarray(header).every((byte) => byte === 0x78)).toBe(true)
  })
})

describe('turns', () => {
  const mannerOf = (job: string): Manner => (job.startsWith('send') ? 'send' : job.startsWith('react') ? 'apart' : 'alone')
  function chat() {
    const turns = new Map<string, Turn<string>>()
    return {
      turns,
      begun: (job: string) => enter(turns, 'chat', job, mannerOf),
      left: (job: string) => leave(turns, 'chat', job, mannerOf),
    }
  }

  it('begin sends without waiting for sends, and everything else alone', () => {
    const { turns, begun, left } = chat()
    expect(['send 1', 'send 2', 'edit 1', 'send 3', 'send 4', 'edit 2'].map(begun)).toEqual([true, true, false, false, false, false])
    expect(left('send 2')).toEqual([])
    expect(left('send 1')).toEqual(['edit 1'])
    expect(left('edit 1')).toEqual(['send 3', 'send 4'])
    expect(left('send 3')).toEqual([])
    expect(left('send 4')).toEqual(['edit 2'])
    expect(left('edit 2')).toEqual([])
    expect(turns.size).toBe(0)
  })

  it('begin reactions in order, and let nothing wait for them', () => {
    const { turns, begun, left } = chat()
    expect(['react 1', 'send 1', 'react 2', 'edit 1', 'react 3', 'react 4', 'send 2'].map(begun)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(left('react 1')).toEqual([])
    expect(left('send 1')).toEqual(['edit 1'])
    expect(left('react 2')).toEqual([])
    expect(left('edit 1')).toEqual(['react 3', 'react 4', 'send 2'])
    expect(begun('react 5')).toBe(true)
    expect(left('send 2')).toEqual([])
    expect([turns.size, left('react 5')]).toEqual([0, []])
  })
})

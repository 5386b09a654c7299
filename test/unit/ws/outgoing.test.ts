import { describe, expect, it } from 'vitest'
import type { ServerFrame } from '../../../src/adapters/wire/frames.ts'
import { framesOf } from '../../../src/adapters/ws/backlog.ts'
import { outgoing } from '../../../src/adapters/ws/outgoing.ts'
import { hangUp, type SocketState } from '../../../src/adapters/ws/socket-state.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { asId } from '../../../src/domain/ids.ts'
import { socketState } from './socket.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const typing = (chatId: string) => ({ type: 'typing', chatId: asId(chatId), userIds: [asId('ann')] }) as unknown as Delivery
/** A frame that takes 100 bytes on the wire, with what it is called. */
const ok = (ref: string): ServerFrame => {
  const frame = { type: 'ok', ref, result: { x: '' } }
  return { ...frame, result: { x: 'x'.repeat(98 - JSON.stringify(frame).length) } } as ServerFrame
}
const refs = (written: readonly string[]) =>
  written.map((bytes) => [...bytes.matchAll(/"ref":"(\w+)"|"type":"(gap|typing)"/g)].map(([, ref, type]) => ref ?? type))

function sending(bound = 1_000) {
  const told: string[] = []
  const out = outgoing({
    bound,
    cleared: () => void told.push('cleared'),
    gapSent: () => void told.push('gap'),
    tooSlow: () => void told.push('too slow'),
  })
  const given = socketState({ caller: { userId: asId('bob') } as unknown as SocketState['caller'] })
  /** The kernel takes nothing from now on. */
  const stuck = async (waiting = 100) => {
    given.socket.writableLength = waiting
    out.send(given.state, ok('first'))
    await turn()
  }
  return { ...given, out, told, stuck }
}

describe('frames of one turn', () => {
  it('leave together at its end, and at once when they are many', async () => {
    const { out, state, written } = sending()
    out.send(state, ok('a'))
    out.sendFirst(state, ok('b'))
    out.deliver(state, typing('chat'))
    expect(written).toEqual([])
    await turn()
    expect(refs(written)).toEqual([['a', 'b', 'typing']])
    for (let i = 0; i < 655; i++) out.send(state, ok('x'))
    expect(written).toHaveLength(1)
    out.send(state, ok('last'))
    expect(written).toHaveLength(2)
    await turn()
    expect(written).toHaveLength(2)
    expect(written[1]).toHaveLength(65_600)
  })

  it('leave as soon as they have as many bytes as that, not one later', () => {
    const { out, state, written } = sending()
    const frame = { type: 'ok', ref: 'a', result: { x: '' } }
    out.send(state, { ...frame, result: { x: 'x'.repeat(65_536 - 4 - JSON.stringify(frame).length) } } as ServerFrame)
    expect(written.map(({ length }) => length)).toEqual([65_536])
  })

  it('are not written to a socket that takes none any more', async () => {
    for (const gone of [{ destroyed: true }, { writable: false }]) {
      const { out, state, socket, written } = sending()
      Object.assign(socket, gone)
      out.send(state, ok('a'))
      await turn()
      expect(written).toEqual([])
    }
  })

  it('are none once the connection is over', async () => {
    const { out, state, written } = sending()
    hangUp(state)
    out.send(state, ok('a'))
    out.sendFirst(state, ok('b'))
    out.deliver(state, typing('chat'))
    out.pong(state, Buffer.from('x'))
    await turn()
    expect(written).toEqual([])
    await out.room(state)
  })
})

describe('a reader that is slow', () => {
  it('is read no more, and gets what waited when there is room: the first of all, then answers, then what passes', async () => {
    const { out, state, stuck, written, deeds, told, drained } = sending()
    await stuck()
    expect(deeds).toEqual(['pause'])
    out.deliver(state, typing('chat'))
    out.send(state, ok('answer'))
    out.sendFirst(state, ok('reconnect'))
    out.ping(state)
    out.pong(state, Buffer.from('x'))
    await turn()
    expect(refs(written)).toEqual([['first']])
    const room = out.room(state)
    drained()
    await room
    expect(refs(written)).toEqual([['first'], ['reconnect', 'answer', 'typing']])
    expect([told, state.backlog, state.hasRead]).toEqual([['cleared'], undefined, true])
    out.pong(state, Buffer.from('x'))
    out.ping(state)
    await turn()
    expect(written.at(-1)).toBe(`${Buffer.from([0x8a, 1]).toString()}x${Buffer.from([0x89, 0]).toString()}`)
  })

  it('that is not slow for one byte below the mark is not one', async () => {
    const { stuck, state } = sending()
    await stuck(99)
    expect(state.backlog).toBeUndefined()
  })

  it('gets the rest with the next room, when the kernel is full before all has left', async () => {
    const { out, state, stuck, socket, written, told, drained } = sending(10_000_000)
    await stuck()
    for (let i = 0; i < 1_000; i++) out.send(state, ok(`x${i}`))
    const { write } = socket
    socket.write = (bytes) => {
      socket.writableLength = 100
      write(bytes)
    }
    drained()
    expect([written.length, told]).toEqual([2, []])
    drained()
    expect([written.length, told]).toEqual([3, []])
    drained()
    expect([written.length, told]).toEqual([3, ['cleared']])
    expect(refs(written).flat()).toEqual(['first', ...Array.from({ length: 1_000 }, (_, i) => `x${i}`)])
  })

  it('that hangs up gets nothing of what waited', async () => {
    const { out, state, stuck, written, told, drained } = sending()
    await stuck()
    out.send(state, ok('answer'))
    const room = out.room(state)
    hangUp(state)
    drained()
    await room
    expect([refs(written), told]).toEqual([[['first']], []])
  })

  it('that is closed gets the last word instead of what waited', async () => {
    const { out, state, stuck, written } = sending()
    await stuck()
    out.send(state, ok('answer'))
    const room = out.room(state)
    out.finish(state, ok('last'))
    await room
    expect(refs(written)).toEqual([['first'], ['last']])
    expect(state.backlog).toBeUndefined()
  })

  it('keeps as many bytes as may wait, those in the kernel among them; beyond them what passes goes', async () => {
    const { out, state, stuck } = sending(402)
    await stuck()
    out.deliver(state, typing('chat'))
    const bytes = state.backlog!.bytes
    out.send(state, ok('a'))
    out.send(state, ok('b'))
    expect(state.backlog!.bytes).toBe(bytes + 200)
    const more = { type: 'ok', ref: 'c', result: { x: '' } }
    const left = 402 - 100 - state.backlog!.bytes
    out.send(state, { ...more, ref: 'c'.repeat(left - 2 - JSON.stringify(more).length + 1) } as ServerFrame)
    expect(state.backlog!.transient.size).toBe(1)
    out.deliver(state, typing('chat'))
    out.send(state, ok('d'))
    expect(state.backlog!.transient.size).toBe(0)
  })

  it('loses events beyond them, down to half of what may wait, and is told of the gap', async () => {
    const { out, state, stuck, written, told, drained } = sending(1_000)
    await stuck()
    const event = (chatId: string, seq: number) => {
      const at = { chatId: asId(chatId), seq, at: 0, type: 'member.left', actorId: asId('ann'), userId: asId('ann') }
      return { type: 'event', event: at } as unknown as Delivery
    }
    let sent = 0
    while (!state.backlog!.hasDropped) out.deliver(state, event(sent % 3 === 0 ? 'b' : 'a', ++sent))
    expect(state.backlog!.bytes).toBeLessThanOrEqual(450)
    expect([...state.backlog!.gaps.keys()]).toEqual(['a'])
    drained()
    expect(told).toEqual(['gap', 'cleared'])
    expect(refs(written)[1]![0]).toBe('gap')
  })

  it('is given up when more waits than four times that which cannot be dropped', async () => {
    const { out, state, stuck, told } = sending(100)
    await stuck(100)
    for (const ref of ['a', 'b', 'c', 'd']) out.send(state, ok(ref))
    expect([told, framesOf(state.backlog!).length]).toEqual([[], 4])
    out.send(state, ok('e'))
    expect(told).toEqual(['too slow'])
  })
})

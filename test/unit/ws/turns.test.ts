import { describe, expect, it } from 'vitest'
import { beginning, bytesOf, extended } from '../../../src/adapters/ws/batch.ts'
import { textFrame } from '../../../src/adapters/ws/text-frame.ts'
import { enter, leave, type Manner, type Turn } from '../../../src/adapters/ws/turns.ts'

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

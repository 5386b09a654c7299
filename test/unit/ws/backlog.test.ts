import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Backlog,
  emptyBacklog,
  framesOf,
  isClear,
  makeRoom,
  putAnswer,
  putControl,
  putDelivery,
  takeFrom,
} from '../../../src/adapters/ws/backlog.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { asId, type ChatId } from '../../../src/domain/ids.ts'

const [A, B, C]: ChatId[] = [asId('a'), asId('b'), asId('c')] as [ChatId, ChatId, ChatId]
/** A frame that says what it is, of so many bytes. */
const frame = (what: string, length = what.length) => Buffer.from(what.padEnd(length, '.'))
const said = (frames: readonly Buffer[]) => frames.map((one) => one.toString().replace(/\.+$/, ''))

type Told = Pick<Delivery, 'type'> & Readonly<Record<string, unknown>>
const put = (backlog: Backlog, told: Told, one: Buffer) => putDelivery(backlog, told as unknown as Delivery, one)
const event = (backlog: Backlog, chatId: ChatId, seq: number, length = 10) =>
  put(backlog, { type: 'event', event: { chatId, seq } }, frame(`${chatId}${seq}`, length))
const gap = (chatId: ChatId, { from, to }: { from: number; to: number }) => frame(`gap ${chatId} ${from}-${to}`)
const take = (backlog: Backlog, bytes = Infinity) => said(takeFrom(backlog, bytes, gap))

describe('frames for a slow reader', () => {
  it('leave in four classes, and the newest of each kind alone', () => {
    const backlog = emptyBacklog()
    expect(isClear(backlog)).toBe(true)
    for (const [n, chatId] of [A, B, A].entries()) put(backlog, { type: 'typing', chatId }, frame(`typing ${chatId} ${n}`))
    for (const [n, userId] of ['x', 'y', 'x'].entries()) put(backlog, { type: 'presence', userId }, frame(`presence ${userId} ${n}`))
    put(backlog, { type: 'user', person: { id: 'x' } }, frame('name of x'))
    put(backlog, { type: 'user', person: { id: 'y' } }, frame('name of y'))
    for (const [n, userId] of ['x', undefined, 'x', undefined].entries())
      put(backlog, { type: 'receipt', chatId: A, userId }, frame(`receipt ${userId} ${n}`))
    for (const chatId of [A, B]) put(backlog, { type: 'my_chat', chatId }, frame(`my ${chatId}`))
    event(backlog, A, 1)
    putAnswer(backlog, frame('answer'))
    put(backlog, { type: 'reset', chatId: B }, frame('reset'))
    for (const type of ['blocked', 'notices', 'notice'] as const) put(backlog, { type }, frame(type))
    expect(isClear(backlog)).toBe(false)
    expect(take(backlog)).toEqual([
      'blocked',
      'notices',
      'notice',
      'a1',
      'answer',
      'reset',
      'receipt x 2',
      'receipt undefined 3',
      'my a',
      'my b',
      'typing b 1',
      'typing a 2',
      'presence y 1',
      'presence x 2',
      'name of x',
      'name of y',
    ])
    expect([isClear(backlog), backlog.bytes, backlog.hasDropped]).toEqual([true, 0, false])
  })

  it('leave about so many bytes at once, and the next class when nothing of the one before is left', () => {
    const backlog = emptyBacklog()
    for (let seq = 1; seq <= 4; seq++) event(backlog, A, seq)
    put(backlog, { type: 'receipt', chatId: A, userId: 'x' }, frame('receipt'))
    put(backlog, { type: 'typing', chatId: A }, frame('typing'))
    expect(take(backlog, 20)).toEqual(['a1', 'a2'])
    expect(take(backlog, 11)).toEqual(['a3', 'a4'])
    expect(take(backlog, 7)).toEqual(['receipt'])
    putControl(backlog, frame('control'))
    event(backlog, A, 5)
    expect(take(backlog, 7)).toEqual(['control'])
    expect(take(backlog, 17)).toEqual(['a5', 'typing'])
  })

  it('of a chat that is gone are dropped, also those of which some have left', () => {
    const backlog = emptyBacklog()
    event(backlog, A, 1)
    event(backlog, B, 1)
    event(backlog, A, 2)
    put(backlog, { type: 'receipt', chatId: A, userId: 'x' }, frame('receipt a'))
    put(backlog, { type: 'typing', chatId: A }, frame('typing a'))
    put(backlog, { type: 'typing', chatId: B }, frame('typing b'))
    backlog.gaps.set(A, { from: 1, to: 1 })
    backlog.gaps.delete(A)
    expect(take(backlog, 1)).toEqual(['a1'])
    put(backlog, { type: 'chat_gone', chatId: A }, frame('gone'))
    expect(said(framesOf(backlog))).toEqual(['gone', 'b1', 'typing b'])
    expect(take(backlog)).toEqual(['gone', 'b1', 'typing b'])
  })

  it('that were taken out do not stay in the list', () => {
    const backlog = emptyBacklog()
    for (let seq = 1; seq <= 3_000; seq++) event(backlog, A, seq)
    for (let seq = 1; seq <= 3_000; seq++) {
      expect(take(backlog, 1)).toEqual([`a${seq}`])
      expect(backlog.taken).toBeLessThanOrEqual(1_024)
    }
    expect(backlog.durable).toEqual([])
  })
})

describe('room for a slow reader', () => {
  it('is made of what passes first, and of nothing else if that is enough', () => {
    const backlog = emptyBacklog()
    event(backlog, A, 1)
    put(backlog, { type: 'receipt', chatId: A, userId: 'x' }, frame('receipt'))
    put(backlog, { type: 'typing', chatId: A }, frame('typing'))
    makeRoom(backlog, 17)
    expect(backlog.hasDropped).toBe(false)
    expect(take(backlog)).toEqual(['a1', 'receipt'])
  })

  it('is made of the chats with the most bytes, until it is enough; a gap says what is to be read again', () => {
    const backlog = emptyBacklog()
    event(backlog, A, 4, 10)
    for (const seq of [7, 8, 9]) event(backlog, B, seq, 20)
    event(backlog, C, 1, 30)
    putAnswer(backlog, frame('answer', 10))
    makeRoom(backlog, 50)
    expect([backlog.hasDropped, backlog.bytes]).toEqual([true, 50])
    expect([...backlog.gaps]).toEqual([[B, { from: 7, to: 9 }]])
    event(backlog, B, 10, 20)
    makeRoom(backlog, 40)
    expect([...backlog.gaps]).toEqual([
      [B, { from: 7, to: 9 }],
      [C, { from: 1, to: 1 }],
    ])
    makeRoom(backlog, 0)
    expect(take(backlog)).toEqual(['gap b 7-10', 'gap c 1-1', 'gap a 4-4', 'answer'])
    expect([backlog.bytes, isClear(backlog)]).toEqual([0, true])
  })

  it('is not made of what was taken out', () => {
    const backlog = emptyBacklog()
    for (const seq of [1, 2, 3]) event(backlog, A, seq)
    take(backlog, 10)
    makeRoom(backlog, 0)
    expect([...backlog.gaps]).toEqual([[A, { from: 2, to: 3 }]])
  })

  it('covers all that a delivery stood for which had been limited', () => {
    const backlog = emptyBacklog()
    const newest = [{ seq: 21 }, { seq: 22 }, { seq: 23 }]
    put(backlog, { type: 'limited', chatId: A, from: 2, to: 20, newest }, frame('limited'))
    put(backlog, { type: 'limited', chatId: B, from: 3, to: 4, newest: [] }, frame('limited'))
    makeRoom(backlog, 0)
    expect(take(backlog)).toEqual(['gap a 2-23', 'gap b 3-4'])
  })

  it('cannot be made of answers and of what was reset', () => {
    const backlog = emptyBacklog()
    putAnswer(backlog, frame('answer'))
    put(backlog, { type: 'reset', chatId: A }, frame('reset'))
    makeRoom(backlog, 0)
    expect([backlog.hasDropped, backlog.gaps.size]).toEqual([false, 0])
    expect(take(backlog)).toEqual(['answer', 'reset'])
  })
})

const chats = fc.constantFrom(A, B, C)
const lengths = fc.integer({ min: 5, max: 60 })
const deeds = fc.array(
  fc.oneof(
    fc.record({ is: fc.constant('event' as const), chatId: chats, length: lengths }),
    fc.record({ is: fc.constantFrom('receipt' as const, 'typing' as const, 'my_chat' as const), chatId: chats, length: lengths }),
    fc.record({ is: fc.constantFrom('chat_gone' as const), chatId: chats, length: lengths }),
    fc.record({ is: fc.constantFrom('answer' as const, 'room' as const, 'take' as const), chatId: chats, length: lengths }),
  ),
  { maxLength: 60 },
)

describe('a backlog', () => {
  it('counts the bytes that wait, whatever is done with it, and hands on every event or a gap that covers it', () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const backlog = emptyBacklog()
        const heads = new Map<ChatId, number>()
        const reached = new Map<ChatId, number>()
        const missed: string[] = []
        /** What a reader makes of it: the events of a chat come in a row, and a gap stands for those it names. */
        const read = (frames: readonly string[]) => {
          for (const text of frames) {
            const [, chat, from, to = from] = /^(?:gap )?([abc]) ?(\d+)(?:-(\d+))?$/.exec(text) ?? []
            if (chat === undefined) continue
            if (Number(from) > (reached.get(asId(chat)) ?? 0) + 1) missed.push(text)
            reached.set(asId(chat), Number(to))
          }
        }
        for (const { is, chatId, length } of all) {
          if (is === 'event') {
            const seq = (heads.get(chatId) ?? 0) + 1
            heads.set(chatId, seq)
            event(backlog, chatId, seq, length)
          } else if (is === 'answer') putAnswer(backlog, frame('answer', length + 10))
          else if (is === 'room') makeRoom(backlog, 3 * length)
          else if (is === 'take') read(take(backlog, length))
          else {
            put(backlog, { type: is, chatId, userId: 'x' }, frame(is, length + 10))
            if (is === 'chat_gone') reached.set(chatId, heads.get(chatId) ?? 0)
          }
          expect(backlog.bytes).toBe(framesOf(backlog).reduce((sum, one) => sum + one.length, 0))
          expect(isClear(backlog)).toBe(framesOf(backlog).length === 0 && backlog.gaps.size === 0)
        }
        read(take(backlog))
        expect(missed).toEqual([])
        expect([...reached]).toEqual(expect.arrayContaining([...heads]))
      }),
    )
  })
})

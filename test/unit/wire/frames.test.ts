import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comesBack } from '../../../src/adapters/wire/closes.ts'
import { clientFrames } from '../../../src/adapters/wire/frames.ts'
import { parseFrame } from '../../../src/adapters/wire/parse/frame.ts'
import { isRefusal } from '../../../src/domain/refusal.ts'

const CHAT = '0190A6F0-0000-7000-8000-00000000000C'
const chat = CHAT.toLowerCase()

const frame = (value: unknown) => parseFrame(JSON.stringify(value))
const refused = (text: string) => {
  const parsed = parseFrame(text)
  if (parsed.frame) throw new Error('was taken')
  return parsed
}
const places = (value: unknown) => {
  const { wrong } = frame(value)
  return isRefusal(wrong, 'invalid') ? wrong.facts.errors.map(({ pointer }) => pointer) : wrong
}

describe('a frame', () => {
  it('is read by its type', () => {
    expect(frame({ type: 'ping', ref: 'r' })).toEqual({ frame: { type: 'ping', ref: 'r' } })
    expect(frame({ type: 'typing', chat_id: CHAT, active: true })).toEqual({ frame: { type: 'typing', chat_id: chat, active: true } })
    expect(frame({ type: 'leave_chat', chat_id: CHAT })).toMatchObject({ frame: { mute: false } })
    expect(frame({ type: 'fetch', chat_id: CHAT, after: 0 })).toMatchObject({ frame: { limit: 100 } })
    expect(frame({ type: 'resume', cursors: { [CHAT]: 3 } })).toEqual({ frame: { type: 'resume', cursors: { [chat]: 3 } } })
  })

  it.each(['', '{', 'hello', '{"type":"ping",}', '\u0000', '{"a":1'])('that is not JSON is `bad-json`: %j', (text) => {
    expect(parseFrame(text)).toEqual({ wrong: 'bad-json', ref: null })
  })

  it.each([null, [], 1, 'ping', [{ type: 'ping' }]])('that is no object has an unknown type: %j', (value) => {
    expect(frame(value)).toEqual({ wrong: 'unknown-type', ref: null })
  })

  it.each([undefined, 'pong', '', 7, null, 'toString', '__proto__', 'constructor'])(
    'of the type %j is not known, and answered to its ref',
    (type) => {
      expect(frame({ type, ref: 'r1' })).toEqual({ wrong: 'unknown-type', ref: 'r1' })
    },
  )

  it('of another shape is answered to its ref', () => {
    const { wrong, ref } = refused(JSON.stringify({ type: 'fetch', ref: 'r2', chat_id: 'x', after: -1, more: 1 }))
    expect(ref).toBe('r2')
    expect(isRefusal(wrong, 'invalid') && wrong.facts.errors).toEqual([
      { pointer: '/chat_id', detail: 'is a UUID' },
      { pointer: '/after', detail: 'is at least 0' },
      { pointer: '/more', detail: 'is not known here' },
    ])
  })

  it.each([7, '', 'x'.repeat(65), null, {}, 'a\0'])('with the ref %j is answered to none', (ref) => {
    expect(frame({ type: 'ping', ref })).toMatchObject({ ref: null })
    expect(places({ type: 'ping', ref })).toEqual(['/ref'])
  })

  it('writes to a chat or to a person', () => {
    const content = { client_message_id: 'k', text: 'hello' }
    expect(frame({ type: 'send_message', chat_id: CHAT, ...content })).toEqual({
      frame: { type: 'send_message', chat_id: chat, ...content },
    })
    expect(frame({ type: 'send_message', user_id: CHAT, ...content })).toEqual({
      frame: { type: 'send_message', user_id: chat, ...content },
    })
    expect(places({ type: 'send_message', chat_id: CHAT, user_id: CHAT, ...content })).toEqual(['/user_id'])
    expect(places({ type: 'send_message', ...content })).toEqual(['/chat_id'])
  })

  it('resumes at most 1,000 chats, each by its id', () => {
    const cursors = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [chat.slice(0, -4) + String(i).padStart(4, '0'), 1]))
    expect(frame({ type: 'resume', cursors: cursors(1_000) })).toHaveProperty('frame')
    expect(places({ type: 'resume', cursors: cursors(1_001) })).toEqual(['/cursors'])
    expect(places({ type: 'resume', cursors: { nobody: 1 } })).toEqual(['/cursors/nobody'])
    expect(places({ type: 'resume', cursors: { [CHAT]: -1 } })).toEqual([`/cursors/${CHAT}`])
    expect(places({ type: 'resume', cursors: [] })).toEqual(['/cursors'])
  })

  it('nested 50,000 deep is refused like any other', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    expect(parseFrame(deep)).toEqual({ wrong: 'unknown-type', ref: null })
    for (const type of Object.keys(clientFrames)) {
      const { wrong, ref } = refused(`{"type":"${type}","ref":"r","chat_id":${deep},"text":${deep},"cursors":${deep}}`)
      expect(isRefusal(wrong, 'invalid')).toBe(true)
      expect(ref).toBe('r')
    }
    expect(parseFrame('{"a":'.repeat(50_000))).toEqual({ wrong: 'bad-json', ref: null })
  })

  it('is taken or refused, whatever it is', () => {
    const members = ['ref', 'chat_id', 'user_id', 'message_id', 'text', 'seq', 'cursors', 'active', 'token', 'after', 'limit']
    const typed = fc
      .tuple(fc.constantFrom(...Object.keys(clientFrames)), fc.dictionary(fc.constantFrom(...members), fc.jsonValue()))
      .map(([type, rest]) => JSON.stringify({ ...rest, type }))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), typed), (text) => {
        const { frame: read, wrong } = parseFrame(text)
        expect(read === undefined).not.toBe(wrong === undefined)
      }),
    )
  })
})

describe('a client', () => {
  it.each([1001, 1006, 1011, 1012, 4000, 4001, 4002, 4029])('comes back after %i', (code) => {
    expect(comesBack(code)).toBe(true)
  })
  it.each([1000, 1003, 1009, 4400, 4401, 4403, 4409, 4999])('stays away after %i', (code) => {
    expect(comesBack(code)).toBe(false)
  })
})

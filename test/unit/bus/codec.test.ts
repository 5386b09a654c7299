import { describe, expect, it } from 'vitest'
import { unpacked } from '../../../src/adapters/bus/codec.ts'

const common = { chatId: 'chat', seq: 2, at: 1_000, actorId: 'ann' }
const message = (notice: object) => JSON.stringify([['chat:chat', notice]])
const noticesOf = (text: string) => unpacked(text).map(({ notice }) => notice)

describe('a message of a newer version', () => {
  it('keeps the place of an event of a kind that this version does not know', () => {
    const events = [
      { ...common, type: 'chat.renamed', name: 'New' },
      { ...common, seq: 3, type: 'message.probe', depth: 7 },
    ]
    expect(noticesOf(message({ type: 'events', chatId: 'chat', events }))).toEqual([
      { type: 'events', chatId: 'chat', events: [events[0], { ...common, seq: 3, type: 'unknown', kind: 'message.probe' }] },
    ])
  })

  it('says nothing when it is of a kind that this version does not know', () => {
    expect(noticesOf(message({ type: 'weather', chatId: 'chat' }))).toEqual([])
  })
})

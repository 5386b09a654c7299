import { describe, expect, it } from 'vitest'
import type { ChatState } from '../../../src/domain/decision.ts'
import { edit, remove } from '../../../src/domain/posting.ts'
import { after, group, id, naming, posted, refused } from './given.ts'

const { state, message } = posted(group({ bob: 'admin', cid: 'member', dan: 'member' }), 'cid', 'hello')
const scope = (who: string) => ({ members: [who], messages: [message.id] })
const editing = (who: string, text: string, version?: number, from: ChatState = state) =>
  edit(naming(from, scope(who)), { editorId: id(who), messageId: message.id, text, version, at: 3_000 })
const removing = (who: string, from: ChatState = state) =>
  remove(naming(from, scope(who)), { deleterId: id(who), messageId: message.id, at: 3_000 })

describe('editing', () => {
  it('gives a message another text and the next version, and tells where it stands', () => {
    const { events, result } = editing('cid', 'hi')
    expect(events).toMatchObject([
      { type: 'message.edited', actorId: 'cid', messageId: message.id, messageSeq: message.seq, text: 'hi', version: 2, editedAt: 3_000 },
    ])
    expect(result).toEqual({ ...message, text: 'hi', version: 2, editedAt: 3_000, changedSeq: events[0]!.seq })
  })

  it('is for the author alone', () => {
    for (const who of ['ann', 'bob', 'dan'])
      expect(refused(() => editing(who, 'hi'))).toEqual({ code: 'not-allowed', facts: { requires: ['author'] } })
    expect(refused(() => editing('eve', 'hi')).code).toBe('chat-not-found')
  })

  it('changes nothing where the text is the same, the version that was seen notwithstanding', () => {
    expect(editing('cid', 'hello')).toEqual({ events: [], result: message })
    const edited = after(state, () => editing('cid', 'hi', 1))
    expect(editing('cid', 'hi', 1, edited)).toMatchObject({ events: [], result: { version: 2 } })
  })

  it('refuses to overwrite a version that the editor has not seen', () => {
    const edited = after(state, () => editing('cid', 'hi'))
    expect(refused(() => editing('cid', 'hey', 1, edited))).toEqual({ code: 'version-conflict', facts: { version: 2 } })
    expect(editing('cid', 'hey', 2, edited).result.version).toBe(3)
  })

  it('does not bring a deleted message back', () => {
    const gone = after(state, () => removing('cid'))
    expect(refused(() => editing('cid', 'hi', undefined, gone))).toEqual({ code: 'message-deleted', facts: { messageId: message.id } })
  })

  it('knows no message that is not there', () => {
    const seen = naming(state, { members: ['cid'], messages: ['other'] })
    expect(refused(() => edit(seen, { editorId: id('cid'), messageId: id('other'), text: 'hi', at: 0 })).code).toBe('message-not-found')
    expect(refused(() => remove(seen, { deleterId: id('cid'), messageId: id('other'), at: 0 })).code).toBe('message-not-found')
  })
})

describe('deleting', () => {
  it('takes the text away and leaves the place', () => {
    const { events, result } = removing('cid')
    expect(events).toMatchObject([
      { type: 'message.deleted', actorId: 'cid', messageId: message.id, messageSeq: message.seq, deletedAt: 3_000 },
    ])
    expect(result).toEqual({ ...message, text: undefined, deletedAt: 3_000, changedSeq: events[0]!.seq })
  })

  it('is for the author, the owner and admins', () => {
    for (const who of ['ann', 'bob', 'cid']) expect(removing(who).events).toHaveLength(1)
    expect(refused(() => removing('dan'))).toEqual({ code: 'not-allowed', facts: { requires: ['author', 'owner', 'admin'] } })
    expect(refused(() => removing('eve')).code).toBe('chat-not-found')
  })

  it('changes nothing the second time', () => {
    const gone = after(state, () => removing('cid'))
    expect(removing('ann', gone)).toMatchObject({ events: [], result: { deletedAt: 3_000, text: undefined } })
  })
})

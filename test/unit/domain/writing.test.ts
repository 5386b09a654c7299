import { describe, expect, it } from 'vitest'
import type { ChatState } from '../../../src/domain/decision.ts'
import { BLOCKED } from '../../../src/domain/guard.ts'
import { SYSTEM_ID } from '../../../src/domain/ids.ts'
import { type Mention, PLAIN } from '../../../src/domain/message.ts'
import { ALL_LIMIT, edit, post, refusedOutright, sentBefore } from '../../../src/domain/posting.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { draft, group, id, naming, pair, person, posted, posting, refused } from './given.ts'

const all: Mention = { kind: 'all', start: 0, length: 1 }
const bob: Mention = { kind: 'user', userId: id('bob'), start: 2, length: 1 }
const notAllowed = (...requires: string[]) => ({ code: 'not-allowed', facts: { requires } })

/** A group of so many, ann its owner and bob a member. */
const crowd = (memberCount: number): ChatState => {
  const state = group({ bob: 'member' })
  return { ...state, chat: { ...state.chat!, memberCount } }
}
const file = (fileId: string, ownerId: string) =>
  [fileId as never, { ownerId: id(ownerId), file: { id: fileId, name: fileId } as never }] as const

describe('mentioning all', () => {
  it('is for everybody in a small group, and for staff in a large one', () => {
    const mentioning = (who: string, size: number, mentions: readonly Mention[] = [all]) =>
      posting(crowd(size), draft(who, 'text', { mentions })).result.message.content.mentions
    expect(mentioning('bob', ALL_LIMIT)).toEqual([all])
    expect(mentioning('ann', ALL_LIMIT + 1)).toEqual([all])
    expect(mentioning('bob', ALL_LIMIT + 1, [bob])).toEqual([bob])
    expect(refused(() => mentioning('bob', ALL_LIMIT + 1))).toEqual(notAllowed('owner', 'admin'))
    expect(refused(() => mentioning('bob', ALL_LIMIT + 1, [all, bob]))).toEqual(notAllowed('owner', 'admin'))
  })

  it('stays with an edit of a message that mentioned all, and comes with none', () => {
    const editing = (mentions: readonly Mention[]) => {
      const { state, message } = posted(crowd(ALL_LIMIT), 'bob', 'text', { mentions })
      const grown = { ...state, chat: { ...state.chat!, memberCount: ALL_LIMIT + 1 } }
      const seen = naming(grown, { members: ['bob'], messages: [message.id] })
      return edit(seen, { editorId: id('bob'), messageId: message.id, text: 'other', mentions: [all], at: 3_000 })
    }
    expect(editing([all]).events).toHaveLength(1)
    expect(refused(() => editing([bob]))).toEqual(notAllowed('owner', 'admin'))
  })
})

describe('what a message says', () => {
  const sent = (more: Parameters<typeof draft>[2]) => {
    const state = naming(group({ bob: 'member' }), { members: ['bob'], earlier: [[id('bob'), id('key of text')]] })
    for (const [fileId, owned] of [file('f', 'bob'), file('g', 'ann')]) state.files.set(fileId, owned)
    return post(state, draft('bob', 'text', more)).result.message
  }

  it('shares one content where it is plain', () => {
    expect(sent({}).content).toBe(PLAIN)
    expect(sent({ kind: 'order' })).toMatchObject({ kind: 'order' })
    expect(sent({ kind: 'order' }).content).toBe(PLAIN)
  })

  it.each([{ format: 'markdown' as const }, { mentions: [bob] }, { data: { a: 1 } }])('is kept: %j', (more) => {
    expect(sent(more).content).toEqual({ ...PLAIN, ...more })
  })

  it('is not plain with as many mentions as files', () => {
    const attachments = [{ fileId: 'f' as never, alt: undefined, durationMs: undefined, waveform: undefined }]
    expect(sent({ mentions: [bob], attachments }).content).toMatchObject({ mentions: [bob], attachments: [{ file: { id: 'f' } }] })
  })

  it('shows files of the sender', () => {
    const attachments = [{ fileId: 'f' as never, alt: 'A', durationMs: undefined, waveform: undefined }]
    expect(sent({ attachments }).content.attachments).toMatchObject([{ file: { id: 'f' }, alt: 'A' }])
    expect(refused(() => sent({ attachments: [{ ...attachments[0]!, fileId: 'g' as never }] }))).toEqual({
      code: 'file-not-found',
      facts: { fileIds: ['g'] },
    })
  })
})

describe('an edit', () => {
  const { state, message } = posted(group({ bob: 'member' }), 'bob', 'text', { mentions: [bob] })
  const seen = (from = state, about = message) => {
    const found = naming(from, { members: ['bob'], messages: [about.id] })
    for (const [fileId, owned] of [file('f', 'bob'), file('g', 'bob')]) found.files.set(fileId, owned)
    return found
  }
  const editing = (more: object, found = seen(), about = message) =>
    edit(found, { editorId: id('bob'), messageId: about.id, at: 3_000, ...more })
  const attachment = (fileId: string) => ({ fileId: fileId as never, alt: undefined, durationMs: undefined, waveform: undefined })

  it('says whether mentions and files change, so that the rest is not counted anew', () => {
    const flags = (more: object) =>
      editing(more).events.map((event) => [
        event.type,
        'isMentioning' in event && event.isMentioning,
        'isAttaching' in event && event.isAttaching,
      ])
    expect(flags({ format: 'markdown' })).toEqual([['message.edited', false, false]])
    expect(flags({ text: 'other' })).toEqual([['message.edited', true, false]])
    expect(flags({ text: 'other', mentions: [bob] })).toEqual([['message.edited', false, false]])
    expect(flags({ attachments: [attachment('f')] })).toEqual([['message.edited', false, true]])
  })

  it('leaves a text away only beside an attachment', () => {
    expect(refused(() => editing({ text: '' })).code).toBe('text-empty')
    expect(editing({ text: '', attachments: [attachment('f')] }).result).toMatchObject({
      text: '',
      content: { attachments: [{ file: { id: 'f' } }] },
    })
    const withFile = { ...message, content: { ...message.content, attachments: [{ file: file('f', 'bob')[1].file }] as never } }
    const found = seen()
    found.messages.set(message.id, withFile)
    expect(editing({ text: '' }, found).result.text).toBe('')
  })

  it('is of no forwarded message', () => {
    const found = seen()
    found.messages.set(message.id, { ...message, content: { ...PLAIN, forwarded: { sender: message.sender, at: 1 } } })
    expect(refused(() => editing({ text: 'other' }, found))).toEqual(notAllowed())
  })
})

describe('who is no member', () => {
  const outside = (senderId: string, more = {}) => {
    const state = naming(group(), { people: [senderId], earlier: [[id(senderId), id('key of text')]] })
    return post(state, draft(senderId, 'text', more)).result.message
  }

  it('writes as the bot of an inlet or as the system, and else not at all', () => {
    expect(outside('inlet', { isOutside: true }).sender.id).toBe('inlet')
    expect(outside(SYSTEM_ID).sender.id).toBe(SYSTEM_ID)
    expect(refused(() => posting(group(), draft('eve', 'text'))).code).toBe('chat-not-found')
  })

  it('is not asked whether the others accept it', () => {
    const chat = pair()
    const state = naming(
      { ...chat, chat: { ...chat.chat!, guard: BLOCKED } },
      { people: ['inlet'], earlier: [[id('inlet'), id('key of text')]] },
    )
    expect(post(state, draft('inlet', 'text', { isOutside: true })).events).toHaveLength(1)
  })
})

it('a draft for a new chat is refused for what it needs of others', () => {
  const source = posted(group(), 'ann', 'source').message
  expect(refusedOutright(draft('ann', 'text'))).toBeUndefined()
  expect(refusedOutright(draft('ann', 'text', { source }))).toBeUndefined()
  expect(refusedOutright(draft('ann', 'text', { replyTo: id('m') }))).toMatchObject({
    code: 'message-not-found',
    facts: { messageId: 'm' },
  })
  const refusal = new Refusal('chat-not-found', {})
  expect(refusedOutright(draft('ann', 'text', { source: refusal }))).toBe(refusal)
  expect(refusedOutright(draft('ann', 'text', { source: { ...source, deletedAt: 1 } }))).toMatchObject({
    code: 'message-deleted',
    facts: { messageId: source.id },
  })
})

it('what was sent before is found by its key', () => {
  const { state, message } = posted(group(), 'ann', 'text')
  const before = (from: ChatState, text = 'text') =>
    sentBefore(
      naming(from, { earlier: [[id('ann'), message.clientMessageId]] }),
      draft('ann', text, { clientMessageId: message.clientMessageId }),
    )
  expect(before(state)).toEqual({ events: [], result: message })
  expect(before({ ...state, chat: null })).toEqual({ events: [], result: undefined })
  expect(before(group())).toEqual({ events: [], result: undefined })
  expect(refused(() => before(state, 'other')).code).toBe('key-reused')
})

it('a deleted user whose session is still believed writes nothing', () => {
  const state = group()
  const gone = { ...state.members.get(id('ann'))!, person: { ...person('ann'), username: undefined } }
  expect(refused(() => posting({ ...state, members: new Map([[id('ann'), gone]]) }, draft('ann', 'text'))).code).toBe('session-ended')
})

import { describe, expect, it } from 'vitest'
import type { Message, OutboxEntry, OutboxStore, SendState } from '../../../src/client/index.ts'
import {
  isSameEntry,
  isWaiting,
  sentContent,
  shownAttachments,
  trimmed,
  wireContent,
  wireEdit,
  wireEntry,
  withFile,
} from '../../../src/client/outbox/content.ts'
import { handleOf } from '../../../src/client/outbox/handle.ts'
import { rowMaker } from '../../../src/client/outbox/rows.ts'
import { sendings } from '../../../src/client/outbox/sendings.ts'
import { unfit } from '../../../src/client/outbox/unfit.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { clientOf, given, online } from './given.ts'

const entry = (more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key: 'k',
  chatId: 'c',
  text: 'text',
  replyTo: undefined,
  at: 1,
  order: 1,
  problem: undefined,
  ...more,
})
const file = { id: 'f', name: 'a.bin', size: 3 } as never
const ann = { kind: 'user' as const, userId: 'ann', start: 3, length: 4 }

describe('the content of a message on its way', () => {
  it('is what was given, and nothing where nothing was', () => {
    expect([sentContent({}), sentContent({ format: undefined, key: 'k', replyTo: 'm' })]).toEqual([undefined, undefined])
    expect(sentContent({ format: 'markdown', mentions: [ann], key: 'k' })).toEqual({ format: 'markdown', mentions: [ann] })
  })

  it('has its mentions where they are once blanks around it are gone, counted in code points', () => {
    expect(trimmed('\u{2003}\n 😀 @Ann ', [ann])).toEqual({ text: '😀 @Ann', mentions: [{ ...ann, start: 0 }] })
    const mentions = [ann]
    expect(trimmed('Hi @Ann  ', mentions).mentions).toBe(mentions)
    expect(trimmed(' Hi', undefined)).toEqual({ text: 'Hi', mentions: undefined })
  })

  it('goes over the wire with all that it has, and nothing that it has not', () => {
    expect(wireContent({})).toEqual({})
    const bare = { fileId: 'f' }
    const voice = { fileId: 'f', upload: 'u', alt: '', durationMs: 0, waveform: [1, 2] }
    const content = {
      format: 'markdown' as const,
      mentions: [ann, { kind: 'all' as const, start: 0, length: 1 }],
      attachments: [bare, voice, { upload: 'u' }],
      data: { a: 1 },
    }
    expect(wireContent(content)).toEqual({
      format: 'markdown',
      mentions: [
        { kind: 'user', user_id: 'ann', start: 3, length: 4 },
        { kind: 'all', start: 0, length: 1 },
      ],
      attachments: [{ file_id: 'f' }, { file_id: 'f', alt: '', duration_ms: 0, waveform: [1, 2] }, { file_id: 'u' }],
      data: { a: 1 },
    })
    expect(wireEntry(entry())).toEqual({ client_message_id: 'k', text: 'text' })
    expect(wireEntry(entry({ replyTo: 'm', content: { kind: 'poll', data: { a: 1 } } as never }))).toEqual({
      client_message_id: 'k',
      reply_to: 'm',
      text: 'text',
      kind: 'poll',
      data: { a: 1 },
    })
    expect(wireEntry(entry({ forward: { chatId: 'd', messageId: 'm' } }))).toEqual({
      client_message_id: 'k',
      forward: { chat_id: 'd', message_id: 'm' },
    })
  })

  it('of an edit has the mentions of its own text', () => {
    expect(wireEdit({ text: '  Hi @Ann', mentions: [{ ...ann, start: 5 }] })).toEqual({
      text: 'Hi @Ann',
      mentions: [{ kind: 'user', user_id: 'ann', start: 3, length: 4 }],
    })
    expect(wireEdit({ mentions: [ann] })).toEqual({ mentions: [{ kind: 'user', user_id: 'ann', start: 3, length: 4 }] })
    expect(wireEdit({ text: 'x', format: 'text' })).toEqual({ text: 'x', format: 'text' })
  })

  it('is the same if the same would be sent', () => {
    expect(isSameEntry(entry(), entry({ at: 2, order: 5 }))).toBe(true)
    for (const more of [{ text: 'other' }, { replyTo: 'm' }, { content: { format: 'markdown' as const } }])
      expect(isSameEntry(entry(), entry(more))).toBe(false)
  })

  it('waits for the files of its uploads, each of which it is given once', () => {
    const attachments = [{ upload: 'u', file, alt: 'A' }, { upload: 'v' }, { fileId: 'g', upload: 'u' }]
    const waiting = entry({ content: { format: 'markdown', attachments } })
    expect([isWaiting(waiting), isWaiting(entry()), isWaiting(entry({ content: { attachments: [{ fileId: 'g' }] } }))]).toEqual([
      true,
      false,
      false,
    ])
    expect(shownAttachments(waiting)).toEqual([{ file, alt: 'A', durationMs: undefined, waveform: undefined, upload: 'u' }])
    expect(shownAttachments(entry())).toEqual([])
    const made = { id: 'new' } as never
    expect(withFile(waiting, 'u', made)!.content).toEqual({
      format: 'markdown',
      attachments: [{ upload: 'u', file: made, fileId: 'new', alt: 'A' }, { upload: 'v' }, { fileId: 'g', upload: 'u' }],
    })
    expect(withFile(waiting, 'u', undefined)!.content?.attachments).toEqual(attachments)
    expect([withFile(waiting, 'x', made), withFile(entry(), 'u', made), withFile(withFile(waiting, 'u', made)!, 'u', made)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('may be without a text if it has files or is forwarded', () => {
    const unfitting = (more: Partial<OutboxEntry>) => unfit(entry({ text: '', ...more }))?.code
    expect([
      unfitting({}),
      unfitting({ content: { attachments: [] } }),
      unfitting({ content: { attachments: [{ fileId: 'f' }] } }),
      unfitting({ forward: { chatId: 'd', messageId: 'm' } }),
    ]).toEqual(['text-empty', 'text-empty', undefined, undefined])
    const long = unfit(entry({ text: 'x'.repeat(5_000), content: { attachments: [{ fileId: 'f' }] } }))
    expect(long).toMatchObject({ type: '/problems/text-too-long', status: 422, request_id: '', length: 5_000 })
  })
})

describe('messages on their way', () => {
  const waiting = () => {
    const changes: string[] = []
    const all = sendings({
      changed: (chatId) => changes.push(chatId),
      retry: () => {},
      cancel: () => true,
      closed: new AbortController().signal,
    })
    return { all, changes }
  }

  it('are in the order of sending, however they were stored, in each chat by itself', () => {
    const { all, changes } = waiting()
    for (const [key, order, chatId] of [
      ['b', 2, 'c'],
      ['c', 3, 'd'],
      ['a', 1, 'c'],
    ] as const)
      all.add(entry({ key, order, chatId }), true)
    all.changed('c')
    expect(all.all.get().map((one) => one.entry.key)).toEqual(['a', 'b', 'c'])
    expect([all.inChat('c').map((one) => one.entry.key), all.inChat('d').length, all.inChat('x'), changes]).toEqual([
      ['a', 'b'],
      1,
      [],
      ['c'],
    ])
    expect([all.nextOrder(1), all.nextOrder(10)]).toEqual([4, 10])
    all.drop(all.find('d', 'c')!)
    all.changed('d')
    expect([all.find('d', 'c'), all.inChat('d'), all.nextOrder(0)]).toEqual([undefined, [], 4])
  })

  it('are here until another one has their key', () => {
    const { all } = waiting()
    const first = all.add(entry(), false)
    expect(all.isHere(first)).toBe(true)
    all.drop(first)
    expect(all.isHere(first)).toBe(false)
    const second = all.add(entry({ problem: { code: 'muted' } as never }), true)
    expect([all.isHere(first), all.isHere(second)]).toEqual([false, true])
    expect([first.state.get().status, second.state.get()]).toEqual(['queued', { status: 'failed', problem: { code: 'muted' } }])
  })

  it('settle in each of their ends, and with the client', async () => {
    const client = new AbortController()
    const ends: SendState[] = [
      { status: 'sent', message: {} as never },
      { status: 'failed', problem: {} as never },
      { status: 'cancelled' },
    ]
    for (const end of ends) {
      const state = cell<SendState>({ status: 'queued' })
      const handle = handleOf(entry(), state, { retry: () => {}, cancel: () => true, closed: client.signal })
      const seen: SendState[] = []
      const settled = [handle.settled(), handle.settled()]
      for (const one of settled) void one.then((told) => seen.push(told))
      state.set({ status: 'sending' })
      await Promise.resolve()
      expect(seen).toEqual([])
      state.set(end)
      expect(await Promise.all([...settled, handle.settled()])).toEqual([end, end, end])
    }
    const handle = handleOf(entry(), cell<SendState>({ status: 'sending' }), { retry: () => {}, cancel: () => true, closed: client.signal })
    const settled = handle.settled({ signal: new AbortController().signal })
    client.abort()
    expect([await settled, await handle.settled()]).toEqual([{ status: 'sending' }, { status: 'sending' }])
  })

  it('have rows until they are over, and the same row while nothing changes', () => {
    const { all } = waiting()
    const one = all.add(entry({ content: { format: 'markdown', mentions: [ann] } }), true)
    const rows = rowMaker(() => undefined)
    const row = rows.ofSending(one)!
    expect(row).toMatchObject({
      key: 'k',
      state: 'queued',
      sender: { id: '', username: undefined, name: undefined },
      format: 'markdown',
      mentions: [ann],
      problem: undefined,
    })
    expect(rows.ofSending(one)).toBe(row)
    one.state.set({ status: 'failed', problem: { code: 'muted' } as never })
    expect(rows.ofSending(one)).toMatchObject({ state: 'failed', problem: { code: 'muted' } })
    for (const end of [{ status: 'sent', message: {} as never }, { status: 'cancelled' }] as const) {
      one.state.set(end)
      expect(rows.ofSending(one)).toBeUndefined()
    }
  })

  it('are rows like those of others once they are in the log, with how far those have read', () => {
    const mine = {
      id: 'm',
      chatId: 'c',
      seq: 5,
      sender: { id: 'ann', username: 'a', name: 'A' },
      clientMessageId: 'k',
      reactions: [],
    } as unknown as Message
    const rows = rowMaker(() => ({ id: 'ann', username: 'a', name: 'A' }))
    const states = [undefined, 4, 5, 6].map((readByOthers) => rows.ofMessage(mine, readByOthers).state)
    expect(states).toEqual(['sent', 'sent', 'read', 'read'])
    const row = rows.ofMessage(mine, 6)
    expect(rows.ofMessage(mine, 7)).toBe(row)
    expect(row).toMatchObject({ key: 'k', isMine: true, id: 'm' })
    expect(row).not.toHaveProperty('chatId')
    const theirs = { ...mine, sender: { id: 'bob', username: 'b', name: 'B' }, clientMessageId: undefined }
    expect(rows.ofMessage(theirs, 9)).toMatchObject({ key: 'm', isMine: false, state: 'sent' })
  })
})

describe('an outbox that is opened', () => {
  it('stores what was written before it was open, once, and sends it after what was left behind', async () => {
    const { server, ann: person, chatId, clock } = await given()
    const puts: string[] = []
    const store: OutboxStore = {
      load: async () =>
        [
          entry({ key: 'late', chatId, text: 'second', at: 0, order: 2 }),
          entry({ key: 'left', chatId, text: 'first', at: clock.now(), order: 1 }),
        ].map((one) => ({ ...one, at: clock.now() })),
      put: async ({ text }) => void puts.push(text),
      remove: async () => {},
    }
    let open = (_store: OutboxStore) => {}
    const { client } = clientOf(server, person, { persist: () => new Promise((resolve) => (open = resolve)) })
    client.chat(chatId).send('third')
    await online(server, client)
    await clock.advance(1_000)
    expect([puts, server.texts(chatId)]).toEqual([[], []])
    open(store)
    await clock.until(() => server.texts(chatId).length === 3)
    expect([puts, server.texts(chatId)]).toEqual([['third'], ['first', 'second', 'third']])
  })
})

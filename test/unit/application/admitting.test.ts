import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../src/adapters/memory/files.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { editMessage } from '../../../src/application/messages/edit-message.ts'
import { posted, scopeOf } from '../../../src/application/messages/posting.ts'
import type { Interceptors } from '../../../src/application/ports/interceptors.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import type { Scope } from '../../../src/domain/decision.ts'
import { asId, type ChatId } from '../../../src/domain/ids.ts'
import type { AttachedFile, Message } from '../../../src/domain/message.ts'
import { refuse } from '../../../src/domain/refusal.ts'
import { TEXT_LIMIT } from '../../../src/domain/words.ts'
import { id } from '../domain/given.ts'
import { type Processes, processes } from './unpolled.ts'

type BeforeSend = NonNullable<Interceptors['beforeSend']>

/** Two people, and code of the host that writes down what it is asked. */
async function scene(answer: (text: string) => string = (text) => text) {
  const asked: unknown[] = []
  const beforeSend: BeforeSend = (draft, about) => {
    asked.push([draft, about])
    return { text: answer(draft.text) }
  }
  const here = processes(1, { change: () => ({ interceptors: { beforeSend } }) })
  const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
  const chatId = await here.group(ann, [bob])
  let keys = 0
  const key = () => asId<never>(`key ${++keys}`)
  return { here, api: here.app.api, ann, bob, chatId, asked, key }
}

/** A file of somebody's, as it is attached. */
async function fileOf({ store }: Processes, { userId: ownerId }: Caller): Promise<AttachedFile> {
  const files = memoryFiles(store)
  const sha256 = 'sha'
  await files.claim({ sha256, size: 1 }, 0)
  const file = { id: 'f', ownerId, name: 'a.txt', size: 1, type: 'text/plain', kind: 'file', sha256, sentSha256: sha256 }
  await files.add({ ...file, clientFileId: undefined, hasPreviews: false, createdAt: 0 } as never, 100)
  return { fileId: asId('f'), alt: undefined, durationMs: undefined, waveform: undefined }
}

describe('the host', () => {
  it('is told who sends what, where', async () => {
    const { api, ann, bob, chatId, asked, key } = await scene()
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: ' hello ' })
    await api.sendMessageToUser(ann, { userId: bob.userId, clientMessageId: key(), text: 'hi' })
    await api.editMessage(ann, { chatId, messageId: view.message.id, text: 'changed', version: undefined })
    const caller = { userId: ann.userId }
    expect(asked).toEqual([
      [{ text: 'hello' }, { caller, chat: { id: chatId }, edit: false }],
      [{ text: 'hi' }, { caller, chat: { partnerId: bob.userId }, edit: false }],
      [{ text: 'changed' }, { caller, chat: { id: chatId }, edit: true }],
    ])
  })

  it('is told the text of what is forwarded, none of what is deleted', async () => {
    const { here, api, ann, chatId, asked, key } = await scene()
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'first' })
    const { id: messageId } = view.message
    asked.splice(0)
    const other = await here.group(ann)
    const forward = () => api.sendMessage(ann, { chatId: other, clientMessageId: key(), forward: { chatId, messageId } })
    expect((await forward()).view.message).toMatchObject({ text: 'first' })
    await api.deleteMessage(ann, { chatId, messageId })
    await expect(forward()).rejects.toMatchObject({ code: 'message-deleted' })
    expect(asked.map((one) => (one as [object])[0])).toEqual([{ text: 'first' }, { text: '' }])
  })

  it('may not leave a text empty that stands alone', async () => {
    let answer = (text: string) => text
    const { here, api, ann, chatId, key } = await scene((text) => answer(text))
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'first' })
    answer = () => ' '
    await expect(api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'second' })).rejects.toMatchObject({ code: 'text-empty' })
    const forward = { chatId, messageId: view.message.id }
    const other = await here.group(ann)
    const forwarded = api.sendMessage(ann, { chatId: other, clientMessageId: key(), forward })
    await expect(forwarded).rejects.toMatchObject({ code: 'text-empty' })
  })

  it('may leave a text empty that was forwarded with a file', async () => {
    let answer = (text: string) => text
    const { here, api, ann, chatId, key } = await scene((text) => answer(text))
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'first' })
    const { state, sent } = here.store.chats.get(chatId)!
    const attachment = { file: { id: 'f', name: 'a.txt' }, alt: undefined, durationMs: undefined, waveform: undefined } as never
    const withFile = (message: Message): Message => ({ ...message, content: { ...message.content, attachments: [attachment] } })
    state.messages.set(view.message.id, withFile(state.messages.get(view.message.id)!))
    sent.forEach((message, i) => void (sent[i] = withFile(message)))
    answer = () => ' '
    const other = await here.group(ann)
    const { view: now } = await api.sendMessage(ann, {
      chatId: other,
      clientMessageId: key(),
      forward: { chatId, messageId: view.message.id },
    })
    expect(now.message).toMatchObject({ text: '', content: { attachments: [attachment] } })
  })

  it('may leave a text empty that has a file', async () => {
    const { here, api, ann, chatId, key } = await scene(() => ' ')
    const attachments = [await fileOf(here, ann)]
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'first', attachments })
    expect(view.message).toMatchObject({ text: '', content: { attachments: [{ file: { id: 'f' } }] } })
  })

  it('is asked about an edit with the text as it would be stored, and not about one that is refused anyway', async () => {
    const { here, api, ann, chatId, asked, key } = await scene()
    const attachments = [await fileOf(here, ann)]
    const { view } = await api.sendMessage(ann, { chatId, clientMessageId: key(), text: 'first', attachments })
    const edit = (more: object) => api.editMessage(ann, { chatId, messageId: view.message.id, version: undefined, ...more })
    asked.splice(0)
    await expect(edit({ text: 'x'.repeat(TEXT_LIMIT + 1) })).rejects.toMatchObject({ code: 'text-too-long' })
    await expect(edit({ text: ' ', attachments: [] })).rejects.toMatchObject({ code: 'text-empty' })
    expect(asked).toEqual([])
    await edit({ text: ' second ' })
    await edit({ text: ' ', attachments })
    expect(asked.map((one) => (one as [object])[0])).toEqual([{ text: 'second' }, { text: '' }])
  })

  it('that refuses what is stored already is not heard', async () => {
    let isRefused = false
    const { api, ann, bob, chatId } = await scene((text) => (isRefused ? refuse('unwanted') : text))
    const said = { chatId, clientMessageId: asId<never>('key'), text: 'first' }
    const toBob = { userId: bob.userId, clientMessageId: asId<never>('other'), text: 'first' }
    const before = [await api.sendMessage(ann, said), await api.sendMessageToUser(ann, toBob)]
    isRefused = true
    const after = [await api.sendMessage(ann, said), await api.sendMessageToUser(ann, toBob)]
    expect(after).toEqual(before.map(({ view }) => ({ view, replayed: true })))
    await expect(api.sendMessage(ann, { ...said, text: 'another' })).rejects.toMatchObject({ code: 'key-reused' })
    await expect(api.sendMessage(ann, { ...said, clientMessageId: asId<never>('new') })).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('an edit', () => {
  const chatId = 'chat' as ChatId
  const ann = { userId: id('ann'), sessionId: asId<never>('session') }
  const mention = (name: string, start: number) => ({ kind: 'user', userId: id(name), start, length: 1 }) as const

  it('asks for whom it names, besides its editor', async () => {
    const scopes: Scope[] = []
    const message = { id: 'm' } as unknown as Message
    const log = {
      async change(scope: Scope) {
        scopes.push(scope)
        return message
      },
    } as unknown as Ports['log']
    const chats = { message: async () => ({ message: undefined }) } as unknown as Ports['chats']
    const edit = editMessage({ log, chats, clock: () => 0, digest: (text) => text, interceptors: undefined, later() {} })
    const messageId = asId<never>('m')
    const mentions = [mention('ann', 0), mention('bob', 1), mention('bob', 2), { kind: 'all', start: 3, length: 1 } as const]
    const view = await edit(ann, { chatId, messageId, version: undefined, text: 'hello', mentions })
    expect(view).toMatchObject({ message, isRead: false })
    await edit(ann, { chatId, messageId, version: undefined, text: 'hello' })
    const scope = { chat: chatId, messages: [messageId], files: [] }
    expect(scopes).toEqual([
      { ...scope, members: [id('ann'), id('bob')] },
      { ...scope, members: [id('ann')] },
    ])
  })
})

describe('the text of an edit', () => {
  async function edited() {
    const here = processes()
    const ann = await here.person('Ann')
    const chatId = await here.group(ann)
    const { view } = await here.app.api.sendMessage(ann, { chatId, clientMessageId: asId<never>('key'), text: 'first' })
    const { id: messageId } = view.message
    const edit = async (more: object) => (await here.app.api.editMessage(ann, { chatId, messageId, version: undefined, ...more })).message
    return { edit, attachments: [await fileOf(here, ann)] }
  }

  it('is trimmed and has bounds', async () => {
    const { edit } = await edited()
    expect((await edit({ text: ' second ' })).text).toBe('second')
    await expect(edit({ text: 'x'.repeat(TEXT_LIMIT + 1) })).rejects.toMatchObject({ code: 'text-too-long' })
    await expect(edit({ text: ' ' })).rejects.toMatchObject({ code: 'text-empty' })
  })

  it('may be blank beside files, that are there or come with it', async () => {
    const { edit, attachments } = await edited()
    expect(await edit({ text: ' ', attachments })).toMatchObject({ text: '', content: { attachments: [{ file: { id: 'f' } }] } })
    expect((await edit({ text: ' third ' })).text).toBe('third')
    expect((await edit({ text: '  ' })).text).toBe('')
  })
})

describe('a message that is sent', () => {
  it('asks for its sender and for whom it names, each once', () => {
    const draft = { senderId: id('ann'), clientMessageId: asId<never>('key') } as unknown as Parameters<typeof scopeOf>[1]
    const scope = { chat: 'chat', earlier: [[id('ann'), 'key']], people: [], messages: [], files: [] }
    expect(scopeOf('chat' as ChatId, draft)).toEqual({ ...scope, members: [id('ann')] })
    const mentions = ['ann', 'bob', 'bob'].map((name, i) => ({ kind: 'user', userId: id(name), start: i, length: 1 }) as const)
    expect(scopeOf('chat' as ChatId, { ...draft, mentions })).toEqual({ ...scope, members: [id('ann'), id('bob')] })
  })
})

describe('a message that was sent again', () => {
  it('is as it is now, or as it was sent where it can no longer be seen', async () => {
    const message = { id: 'm' } as unknown as Message
    const log = { change: async () => ({ message, replayed: true }) } as unknown as Ports['log']
    const seeing = (found: unknown) => ({ message: async () => found }) as unknown as Ports['chats']
    const draft = { senderId: id('ann'), clientMessageId: asId<never>('key') } as unknown as Parameters<typeof posted>[2]
    const now = { message, isRead: true }
    expect((await posted({ log, chats: seeing({ message: now }) }, 'chat' as ChatId, draft)).view).toBe(now)
    for (const found of [undefined, { message: undefined }])
      expect((await posted({ log, chats: seeing(found) }, 'chat' as ChatId, draft)).view).toMatchObject({ message, isRead: false })
  })
})

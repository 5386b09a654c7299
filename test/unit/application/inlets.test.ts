import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { STAFF } from '../../../src/domain/member.ts'
import { Refusal, refuse } from '../../../src/domain/refusal.ts'
import { type Change, processes } from './unpolled.ts'

const anonymous = { address: '192.0.2.1' }
const page = { limit: 10 }

/** A group of Ann's with Bob. Secrets are numbered. */
async function scene(change: Change = () => ({})) {
  let [secrets, chance] = [0, 0]
  const here = processes(1, {
    change: (ports) => ({
      newSecret: () => `secret ${++secrets}`,
      digest: (text) => `digest of ${text}`,
      random: () => ++chance / 1_000,
      ...change(ports),
    }),
  })
  const { api } = here.app
  const [ann, bob, eve] = [await here.person('Ann'), await here.person('Bob'), await here.person('Eve')]
  const chatId = await here.group(ann, [bob])
  const make = (by: Caller = ann, name = 'Build') => api.createInlet(by, { chatId, name })
  const messages = async () => (await api.listMessages(ann, { chatId, window: { kind: 'newest' }, limit: 10 })).items
  return { here, api, ann, bob, eve, chatId, make, messages }
}

describe('an inlet', () => {
  it('has a bot of its name, and a secret that is shown once', async () => {
    const { here, api, ann, chatId, make } = await scene()
    const { inlet, secret } = await make(ann, ' Build ')
    expect(secret).toBe('secret 1')
    expect(inlet).toEqual({
      id: expect.any(String),
      chatId,
      botId: expect.any(String),
      name: 'Build',
      hash: 'digest of secret 1',
      createdBy: ann.userId,
      createdAt: here.clock.now(),
    })
    expect(here.store.people.get(inlet.botId)!.user).toMatchObject({ name: 'Build', kind: 'bot', username: 'build', email: undefined })
    expect((await api.listInlets(ann, chatId, page)).items).toEqual([inlet])
    await expect(make(ann, ' ')).rejects.toMatchObject({ code: 'invalid' })
  })

  it('is for the staff of a group', async () => {
    const { here, api, ann, bob, eve, chatId, make } = await scene()
    const { inlet } = await make()
    const calls = (by: Caller, chat = chatId) => [
      api.createInlet(by, { chatId: chat, name: 'Build' }),
      api.listInlets(by, chat, page),
      api.deleteInlet(by, { chatId: chat, inletId: inlet.id }),
    ]
    for (const call of calls(bob)) await expect(call).rejects.toMatchObject({ code: 'not-allowed', facts: { requires: STAFF } })
    for (const call of calls(eve)) await expect(call).rejects.toMatchObject({ code: 'chat-not-found', facts: { chatId } })
    const { view } = await api.openPrivateChat(ann, { userId: bob.userId })
    for (const call of calls(ann, view.chat.id)) await expect(call).rejects.toMatchObject({ code: 'not-a-group' })
    await here.app.api.changeRole(ann, { chatId, userId: bob.userId, role: 'admin' })
    expect((await api.listInlets(bob, chatId, page)).items).toEqual([inlet])
  })

  it('is one of at most fifty of a chat, and no bot is made for one more', async () => {
    const { here, make } = await scene()
    for (let i = 0; i < 50; i++) await make()
    const people = here.store.people.size
    await expect(make()).rejects.toMatchObject({ code: 'inlets-full', facts: { limit: 50 } })
    expect(here.store.people.size).toBe(people)
  })

  it('is refused by the store, too, where several are made at once', async () => {
    const limits: number[] = []
    const full: Change = ({ inlets }) => ({ inlets: { ...inlets, add: async (_inlet, limit) => limits.push(limit) === 0 } })
    const { make } = await scene(full)
    await expect(make()).rejects.toMatchObject({ code: 'inlets-full', facts: { limit: 50 } })
    expect(limits).toEqual([50])
  })

  it('stands in a list that begins with the oldest', async () => {
    const { here, api, ann, chatId, make } = await scene()
    const made: string[] = []
    for (let i = 0; i < 3; i++) {
      made.push((await make()).inlet.id)
      here.clock.advance(1)
    }
    const first = await api.listInlets(ann, chatId, { limit: 2 })
    const second = await api.listInlets(ann, chatId, { limit: 2, from: first.next })
    expect([first, second].map(({ items }) => items.map(({ id }) => id))).toEqual([made.slice(0, 2), made.slice(2)])
  })

  it('is gone when it is deleted', async () => {
    const { api, ann, chatId, make } = await scene()
    const { inlet, secret } = await make()
    const about = { chatId, inletId: inlet.id }
    await api.deleteInlet(ann, about)
    await expect(api.deleteInlet(ann, about)).rejects.toMatchObject({ code: 'not-found' })
    await expect(api.postToInlet(anonymous, { inletId: inlet.id, secret, text: 'late' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('what is posted to an inlet', () => {
  it('is a message of its bot, who is no member', async () => {
    const { api, make, messages, chatId, here } = await scene()
    const { inlet, secret } = await make()
    const { messageId } = await api.postToInlet(anonymous, { inletId: inlet.id, secret, text: 'green' })
    const [{ message } = { message: undefined }] = await messages()
    expect(message).toMatchObject({ id: messageId, text: 'green', sender: { id: inlet.botId, name: 'Build' } })
    expect(here.store.chats.get(chatId)!.state.members.get(inlet.botId) ?? null).toBeNull()
  })

  it('is posted once under a key, and anew without one', async () => {
    const { api, make, messages } = await scene()
    const { inlet, secret } = await make()
    const post = (key?: string) => api.postToInlet(anonymous, { inletId: inlet.id, secret, text: 'green', key })
    const first = await post('one')
    expect(await post('one')).toEqual(first)
    await post()
    await post()
    expect(await messages()).toHaveLength(3)
  })

  it('needs the secret, of an inlet that there is', async () => {
    const { api, make } = await scene()
    const { inlet } = await make()
    const wrong = [
      { inletId: inlet.id, secret: 'secret 2' },
      { inletId: 'nothing', secret: 'secret 1' },
    ]
    for (const each of wrong)
      await expect(api.postToInlet(anonymous, { ...each, text: 'red' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is counted for the inlet once its secret is known to be right', async () => {
    const counted: string[] = []
    const limiter = {
      admit(kind: string, key: string) {
        if (kind === 'inlet' && counted.push(key) > 1) throw new Refusal('too-many-requests', { retryAfterMs: 1 })
        return undefined
      },
    }
    const { api, make } = await scene(() => ({ limiter }))
    const { inlet, secret } = await make()
    const post = (given: string) => api.postToInlet(anonymous, { inletId: inlet.id, secret: given, text: 'green' })
    await expect(post('wrong')).rejects.toMatchObject({ code: 'not-found' })
    expect(counted).toEqual([])
    await post(secret)
    await expect(post(secret)).rejects.toMatchObject({ code: 'too-many-requests' })
    expect(counted).toEqual([inlet.id, inlet.id])
  })

  it('goes by the host, who is told of the bot and the chat', async () => {
    const asked: unknown[] = []
    const beforeSend = (draft: { readonly text: string }, about: unknown) => {
      asked.push(about)
      return draft.text === 'bad' ? refuse('unwanted') : { text: `${draft.text}!` }
    }
    const { api, chatId, make, messages } = await scene(() => ({ interceptors: { beforeSend } }))
    const { inlet, secret } = await make()
    const post = (text: string) => api.postToInlet(anonymous, { inletId: inlet.id, secret, text })
    await post('green')
    await expect(post('bad')).rejects.toMatchObject({ code: 'refused' })
    expect((await messages()).map(({ message }) => message.text)).toEqual(['green!'])
    expect(asked[0]).toEqual({ caller: { userId: inlet.botId }, chat: { id: chatId }, edit: false })
  })
})

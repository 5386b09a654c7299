import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { asId } from '../../../src/domain/ids.ts'
import { textsIn } from '../../support/held-texts.ts'
import { type Processes, processes } from '../application/unpolled.ts'

/** All that somebody can write, each text of it with the word: what stays of it when they are deleted is found by the word. */
async function writeEverywhere(here: Processes, who: Caller, other: Caller): Promise<void> {
  const { api } = here.app
  const key = () => asId<never>(`key ${Math.random()}`)
  await api.updateMe(who, { name: 'Zebra', username: 'zebra.stripes' })
  const chatId = await here.group(other, [who])
  const { view } = await api.sendMessage(who, { chatId, clientMessageId: key(), text: 'A zebra', format: 'markdown' })
  const messageId = view.message.id
  await api.editMessage(who, { chatId, messageId, text: 'Two **Zebras**', format: 'markdown', data: { of: 'zebra' } })
  await api.sendMessage(other, { chatId, clientMessageId: key(), text: 'An answer', replyTo: messageId })
  const { view: gone } = await api.sendMessage(who, { chatId, clientMessageId: key(), text: 'A deleted zebra' })
  await api.deleteMessage(who, { chatId, messageId: gone.message.id })
  const { store } = here
  store.sessions.set(who.sessionId, {
    id: who.sessionId,
    userId: who.userId,
    deviceName: "Zebra's phone",
    createdAt: 0,
    lastUsedAt: 0,
    expiresAt: 1,
    endedAt: undefined,
    generation: 0,
    spentAt: [],
  })
  await api.pinMessage(other, { chatId, messageId })
  await api.sendMessageToUser(who, { userId: other.userId, clientMessageId: key(), text: 'A private zebra' })
  await api.reportMessage(who, { chatId, messageId: view.message.id, reason: 'other', comment: 'Zebra says' } as never).catch(() => {})
  const told = await api.sendMessage(other, { chatId, clientMessageId: key(), text: 'Something' })
  await api.reportMessage(who, { chatId, messageId: told.view.message.id, reason: 'other', comment: 'Zebra says' } as never)
  await api.keepPushDevice(who, {
    id: 'device',
    kind: 'web',
    endpoint: 'https://push.example/zebra',
    p256dh: 'zebra',
    auth: 'zebra',
    content: 'full',
  } as never)
  await api.blockUser(who, other.userId)
  await here.settle()
}

describe('an erased user', () => {
  it('has left no text in memory', async () => {
    const here = processes()
    const [who, other] = [await here.person('Who'), await here.person('Other')]
    await writeEverywhere(here, who, other)
    // Digests are the texts themselves here. Of a message that was reported, a copy stays as evidence.
    const found = () => textsIn(here.store, /zebra/i).filter((path) => !/^\.reports\[\d\]\.text$/.test(path))
    expect(found().length).toBeGreaterThan(10)
    await here.app.api.deleteMe(who, { password: '' })
    await here.settle()
    expect(found()).toEqual([])
  })
})

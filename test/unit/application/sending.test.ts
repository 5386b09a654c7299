import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { asId, type ClientMessageId, type MessageId, type UserId } from '../../../src/domain/ids.ts'
import { world } from './given.ts'

it('opens no chat for a message to somebody that is refused', async () => {
  const { api, addPerson } = world()
  const [anna, boris] = [await addPerson({ name: 'Анна' }), await addPerson({ name: 'Борис' })]
  const chats = async () => (await api.listChats(anna, {}, { limit: 10, count: false, from: undefined })).items.length
  const draft = { userId: boris.userId, clientMessageId: asId<ClientMessageId>('k'), text: 'Привет' }
  const unknown = asId<MessageId>(randomUUID())
  const refused = [
    [{ ...draft, replyTo: unknown }, 'message-not-found'],
    [{ ...draft, replyTo: unknown, userId: asId<UserId>(randomUUID()) }, 'user-not-found'],
    [{ ...draft, text: ' ' }, 'text-empty'],
    [{ ...draft, clientMessageId: asId<ClientMessageId>('') }, 'invalid'],
  ] as const
  for (const [command, code] of refused) {
    await expect(api.sendMessageToUser(anna, command)).rejects.toMatchObject({ code })
    expect([code, await chats()]).toEqual([code, 0])
  }
  const { view } = await api.sendMessageToUser(anna, draft)
  expect(await chats()).toBe(1)
  await expect(api.sendMessageToUser(anna, { ...draft, clientMessageId: asId('l'), replyTo: unknown })).rejects.toMatchObject({
    code: 'message-not-found',
  })
  const answer = await api.sendMessageToUser(anna, { ...draft, clientMessageId: asId('m'), replyTo: view.message.id })
  expect(answer.view.message.replyTo).toBe(view.message.id)
})

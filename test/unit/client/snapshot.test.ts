import { describe, expect, it } from 'vitest'
import { clientOf, given, lines, online } from './given.ts'

/** A client that has shown a chat, what it knew when it ended, and the next client of the same user. */
async function twice(messages: number, meanwhile: (scene: Awaited<ReturnType<typeof given>>) => Promise<unknown> = async () => {}) {
  const scene = await given()
  const { server, ann, bob, chatId, clock } = scene
  for (let n = 1; n <= messages; n++) await bob.send(chatId, `m${n}`)
  const first = clientOf(server, ann).client
  await online(server, first)
  await clock.until(() => first.chats.get().status === 'ready')
  first.chat(chatId).open()
  await clock.until(() => first.chat(chatId).timeline.get().status === 'ready')
  const snapshot = first.snapshot()
  first.close()
  await meanwhile(scene)
  const { client, defects } = clientOf(server, ann, { snapshot })
  return { ...scene, client, defects, snapshot }
}

describe('a client with a snapshot', () => {
  it('shows chats and their last messages before it is connected', async () => {
    const { client, chatId } = await twice(60)
    expect(client.connection.get().status).not.toBe('online')
    expect(client.chats.get().items.map(({ id, lastMessage }) => [id, lastMessage?.text])).toEqual([[chatId, 'm60']])
    client.chat(chatId).open({ at: 'latest' })
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    expect(client.connection.get().status).not.toBe('online')
    expect(lines(client, chatId)).toEqual(Array.from({ length: 50 }, (_, i) => `m${i + 11}`))
    expect(client.chat(chatId).timeline.get()).toMatchObject({ status: 'ready', hasOlder: true, hasNewer: false })
  })

  it('knows in the end what a client knows that began without one', async () => {
    const { client, chatId, server, ann, clock, defects } = await twice(60, async ({ bob, chatId: id }) => {
      for (let n = 61; n <= 70; n++) await bob.send(id, `m${n}`)
    })
    const other = clientOf(server, ann).client
    for (const one of [client, other]) {
      await online(server, one)
      one.chat(chatId).open({ at: 'latest' })
      await clock.until(() => lines(one, chatId).at(-1) === 'm70' && one.chats.get().status === 'ready')
    }
    await clock.advance(2_000)
    expect(lines(client, chatId).slice(-50)).toEqual(lines(other, chatId).slice(-50))
    const { lastRow: mine, ...item } = client.chat(chatId).item.get()!
    const { lastRow: theirs, ...fresh } = other.chat(chatId).item.get()!
    expect(item).toEqual(fresh)
    expect(mine?.text).toBe(theirs?.text)
    expect(defects).toEqual([])
  })

  it('shares nothing with the client that it came from, nor with itself', async () => {
    const { client, chatId, snapshot, bob, clock, server } = await twice(3)
    const before = structuredClone(snapshot)
    await online(server, client)
    await bob.send(chatId, 'm4')
    await clock.until(() => client.chat(chatId).item.get()?.lastMessage?.text === 'm4')
    expect(snapshot).toEqual(before)
  })

  it('takes as much as it is asked for', async () => {
    const { client, clock, chatId, server } = await twice(60)
    await online(server, client)
    await clock.until(() => client.chats.get().status === 'ready')
    const { chats } = client.snapshot({ chats: 1, messages: 5 }) as unknown as { chats: { id: string; messages: { text: string }[] }[] }
    expect(chats.map(({ id, messages }) => [id, messages.map(({ text }) => text)])).toEqual([[chatId, ['m56', 'm57', 'm58', 'm59', 'm60']]])
  })
})

import { describe, expect, it } from 'vitest'
import { clientOf, given, online } from './given.ts'

async function reacting() {
  const scene = await given()
  const { server, ann, bob, chatId, clock } = scene
  const id = await bob.send(chatId, 'hello')
  const one = clientOf(server, ann)
  const other = clientOf(server, ann)
  const chat = one.client.chat(chatId)
  const there = other.client.chat(chatId)
  for (const { client } of [one, other]) await online(server, client)
  chat.open()
  there.open()
  await clock.until(() => [chat, there].every(({ timeline }) => timeline.get().rows.length === 1))
  const done = async (work: Promise<unknown>) => {
    let isOver = false
    work.catch(() => {}).finally(() => (isOver = true))
    await clock.until(() => isOver)
    await work
  }
  const row = (of = chat) => of.timeline.get().rows[0]!
  const shown = (of = chat) => [row(of).reactions.map(({ emoji, count }) => `${emoji} ${count}`), row(of).myReactions]
  return { ...scene, ...one, done, chat, there, id, row, shown, defects: [...one.defects, ...other.defects] }
}

describe('a reaction', () => {
  it('is shown at once, and on all devices when it is committed', async () => {
    const { chat, there, id, shown, done, clock } = await reacting()
    const work = chat.addReaction(id, '👍')
    expect(shown()).toEqual([['👍 1'], ['👍']])
    expect(shown(there)).toEqual([[], []])
    await done(work)
    await clock.until(() => there.timeline.get().rows[0]!.reactions.length === 1)
    expect(shown(there)).toEqual([['👍 1'], ['👍']])
    expect(shown()).toEqual([['👍 1'], ['👍']])
    await done(there.removeReaction(id, '👍'))
    await clock.until(() => chat.timeline.get().rows[0]!.reactions.length === 0)
    expect([shown(), shown(there)]).toEqual([
      [[], []],
      [[], []],
    ])
  })

  it('that was changed while it was under way is sent once more at most', async () => {
    const { chat, id, shown, done, clock, row } = await reacting()
    const before = row().reactionsSeq!
    const all = [chat.addReaction(id, '👍'), chat.removeReaction(id, '👍'), chat.addReaction(id, '👍'), chat.removeReaction(id, '👍')]
    expect(shown()).toEqual([[], []])
    await done(Promise.all(all))
    await clock.advance(1_000)
    expect(row().reactionsSeq! - before).toBe(2)
    expect(shown()).toEqual([[], []])
  })

  it('of others is counted with it', async () => {
    const { chat, id, shown, row, done, bob, chatId, clock } = await reacting()
    await bob.react(chatId, id, '❤️')
    await clock.until(() => row().reactions.length === 1)
    const work = chat.addReaction(id, '❤')
    expect(shown()).toEqual([['❤️ 2'], ['❤️']])
    await done(work)
    await clock.advance(1_000)
    expect(shown()).toEqual([['❤️ 2'], ['❤️']])
    expect(row().reactions[0]!.userIds).toHaveLength(2)
  })

  it('that the service refuses is taken back', async () => {
    const { chat, id, shown, done, server, clock } = await reacting()
    server.refuse('add_reaction', 'reactions-full', { facts: { limit: 20 } })
    const work = chat.addReaction(id, '👍')
    expect(shown()).toEqual([['👍 1'], ['👍']])
    await expect(done(work)).rejects.toMatchObject({ code: 'reactions-full' })
    await clock.advance(1_000)
    expect(shown()).toEqual([[], []])
  })

  it('is not asked for twice', async () => {
    const { chat, id, done, row, server, clock } = await reacting()
    await done(chat.addReaction(id, '👍'))
    await clock.until(() => row().reactionsSeq === row().seq! + 1)
    server.refuse('add_reaction', 'internal' as never)
    await chat.addReaction(id, '👍')
    expect(row().myReactions).toEqual(['👍'])
  })

  it('is listed with who reacted', async () => {
    const { chat, id, done, bob, chatId, ann } = await reacting()
    await bob.react(chatId, id, '👍')
    await done(chat.addReaction(id, '👍'))
    const listed = chat.reactionsOf(id, { emoji: '👍' })
    await done(listed)
    expect((await listed).items.map(({ person, emoji }) => [person.id, emoji])).toEqual([
      [bob.id, '👍'],
      [ann.id, '👍'],
    ])
  })
})

describe('pins', () => {
  it('are loaded once, and follow the log', async () => {
    const { chat, id, done, bob, chatId, clock } = await reacting()
    expect(chat.pins.get()).toEqual({ items: [], status: 'idle' })
    await done(chat.loadPins())
    expect(chat.pins.get()).toEqual({ items: [], status: 'ready' })
    await done(chat.pinMessage(id))
    await clock.until(() => chat.pins.get().items.length === 1)
    expect(chat.pins.get().items[0]).toMatchObject({ message: { id, text: 'hello' }, pinnedBy: { name: 'Ann' } })
    await bob.edit(chatId, id, 'edited')
    await clock.until(() => chat.pins.get().items[0]!.message.text === 'edited')
    await bob.remove(chatId, id)
    await clock.until(() => chat.pins.get().items.length === 0)
  })

  it('are unpinned on every device', async () => {
    const { chat, there, id, done, clock } = await reacting()
    await done(there.loadPins())
    await done(chat.pinMessage(id))
    await clock.until(() => there.pins.get().items.length === 1)
    await done(chat.unpinMessage(id))
    await clock.until(() => there.pins.get().items.length === 0)
    expect(there.pins.get().status).toBe('ready')
  })
})

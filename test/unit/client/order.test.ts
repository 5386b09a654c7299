import { describe, expect, it } from 'vitest'
import {
  banUser,
  changeGroup,
  createInvitation,
  deleteInvitation,
  joinChat,
  listBans,
  listInvitations,
  muteMember,
  unbanUser,
  unmuteMember,
} from '../../../src/client/order.ts'
import { answered, clientOf, given, lines, online } from './given.ts'

async function group() {
  const { server, ann, bob, chatId: pair, clock } = await given()
  const chatId = await ann.group('Tea', [bob.id])
  const [anns, bobs] = [clientOf(server, ann).client, clientOf(server, bob).client]
  await online(server, anns)
  await online(server, bobs)
  await clock.until(() => bobs.chat(chatId).item.get() !== undefined && anns.chat(chatId).item.get() !== undefined)
  return { server, ann, bob, anns, bobs, chatId, pair, clock }
}

describe('the order of a group', () => {
  it('shows rules and description to all members', async () => {
    const { anns, bobs, chatId, clock } = await group()
    expect(bobs.chat(chatId).item.get()).toMatchObject({
      rules: { post: 'member', add: 'admin', invite: 'admin', slowS: 0, keepS: 0 },
      description: undefined,
      mutedUntil: undefined,
    })
    await answered(clock, changeGroup(anns, chatId, { name: 'Coffee', description: 'For coffee', rules: { slowS: 30, post: 'admin' } }))
    await clock.until(() => bobs.chat(chatId).item.get()?.description !== undefined)
    await clock.until(() => bobs.chat(chatId).item.get()?.rules?.slowS === 30)
    expect(bobs.chat(chatId).item.get()).toMatchObject({
      name: 'Coffee',
      description: 'For coffee',
      rules: { post: 'admin', add: 'admin' },
    })
    await answered(clock, changeGroup(anns, chatId, { description: null }))
    await clock.until(() => bobs.chat(chatId).item.get()?.description === undefined)
  })

  it('sends what slow mode holds back when it may, and what goes to other chats meanwhile', async () => {
    const { server, anns, bobs, chatId, pair, clock } = await group()
    await answered(clock, changeGroup(anns, chatId, { rules: { slowS: 60, keepS: 3_600 } }))
    for (const text of ['one', 'two', 'three']) bobs.chat(chatId).send(text)
    await clock.until(() => server.texts(chatId).length === 1)
    await clock.advance(2_000)
    bobs.chat(pair).send('other')
    await clock.advance(3_000)
    expect(server.texts(pair)).toEqual(['other'])
    expect(server.texts(chatId)).toEqual(['one'])
    expect(lines(bobs, chatId)).toContain('two (queued)')
    await clock.until(() => bobs.outbox.get().length === 0)
    const sent = server.messages(chatId)
    expect(sent.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    for (const [i, { at }] of sent.slice(1).entries()) expect(at - sent[i]!.at).toBeGreaterThanOrEqual(60_000)
  })

  it('tells a member that they are muted, and fails what they send', async () => {
    const { anns, bobs, bob, chatId, clock } = await group()
    anns.chat(chatId).open()
    await answered(clock, anns.chat(chatId).loadMembers())
    const until = clock.now() + 600_000
    await answered(clock, muteMember(anns, chatId, bob.id, until))
    await clock.until(() => bobs.chat(chatId).item.get()?.mutedUntil === until)
    await clock.until(() =>
      anns
        .chat(chatId)
        .members.get()
        .items.some((member) => member.mutedUntil === until),
    )
    const handle = bobs.chat(chatId).send('hello')
    await clock.until(() => handle.get().status === 'failed')
    expect(handle.get()).toMatchObject({ problem: { code: 'muted', until: new Date(until).toISOString() } })
    await answered(clock, unmuteMember(anns, chatId, bob.id))
    await clock.until(() => bobs.chat(chatId).item.get()?.mutedUntil === undefined)
    handle.retry()
    await clock.until(() => handle.get().status === 'sent')
  })

  it('bans, lists bans, and invites', async () => {
    const { server, anns, bobs, bob, ann, chatId, clock } = await group()
    const until = clock.now() + 600_000
    await answered(clock, banUser(anns, chatId, bob.id, { until, reason: 'noise' }))
    await clock.until(() => bobs.chat(chatId).item.get() === undefined)
    expect((await answered(clock, listBans(anns, chatId))).items).toMatchObject([
      { person: { id: bob.id, name: 'Bob' }, by: ann.id, until, reason: 'noise' },
    ])
    const made = await answered(clock, createInvitation(anns, chatId, { uses: 3 }))
    await expect(answered(clock, joinChat(bobs, made.code))).rejects.toMatchObject({ code: 'banned' })
    await answered(clock, unbanUser(anns, chatId, bob.id))
    expect((await answered(clock, listBans(anns, chatId))).items).toEqual([])
    expect(await answered(clock, joinChat(bobs, made.code))).toEqual({ chatId })
    await clock.until(() => bobs.chat(chatId).item.get() !== undefined)
    const { code: _, url, ...shown } = made
    expect(url).toContain(`#/join/${made.code}`)
    expect((await answered(clock, listInvitations(anns, chatId))).items).toEqual([{ ...shown, used: 1 }])
    await answered(clock, deleteInvitation(anns, chatId, made.id))
    expect((await answered(clock, listInvitations(anns, chatId))).items).toEqual([])
    const late = clientOf(server, server.addPerson('Eve')).client
    await expect(answered(clock, joinChat(late, made.code))).rejects.toMatchObject({ code: 'invitation-not-found' })
  })
})

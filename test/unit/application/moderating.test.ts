import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { asId, SYSTEM_ID, type UserId } from '../../../src/domain/ids.ts'
import type { Refusal } from '../../../src/domain/refusal.ts'
import type { Report, Verdict } from '../../../src/domain/report.ts'
import { processes } from './unpolled.ts'

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ code, facts }: Refusal) => ({ code, facts }),
  )

/** A member of the staff, who is in no chat, and a message of Bob's that Ann has reported. */
async function scene() {
  const here = processes()
  const { api } = here.app
  const [ann, bob, eve] = [await here.person('Ann'), await here.person('Bob'), await here.person('Eve')]
  const staff = await here.person('Staff')
  const record = here.store.people.get(staff.userId)!
  record.user = { ...record.user, isAdmin: true }
  const chatId = await here.group(ann, [bob])
  await here.say(bob, chatId, 'Something bad.')
  const { items } = await api.listMessages(ann, { chatId, window: { kind: 'newest' }, limit: 10 })
  const { message } = items[0]!
  const report = await api.reportMessage(ann, { chatId, messageId: message.id, reason: 'abuse', comment: 'He does so often.' })
  const deeds = () =>
    here.store.accounts.deeds.map(({ name, actorId, userId, chatId, facts }) => ({ name, actorId, userId, chatId, facts }))
  const isMember = () => here.store.chats.get(chatId)!.state.members.get(bob.userId) !== null
  return { here, api, ann, bob, eve, staff, chatId, message, report, deeds, isMember }
}
type Scene = Awaited<ReturnType<typeof scene>>

const resolve = ({ api, staff, report }: Scene, action: Verdict, by: Caller = staff): Promise<Report> =>
  api.resolveReport(by, { reportId: report.id, action })

describe('a report', () => {
  it('is of a message that its reader can read and that is not deleted', async () => {
    const { api, ann, bob, eve, chatId, message } = await scene()
    const about = (messageId = message.id) => ({ chatId, messageId, reason: 'spam' }) as const
    expect(await refusal(api.reportMessage(eve, about()))).toMatchObject({ code: 'chat-not-found' })
    expect(await refusal(api.reportMessage(ann, about(asId('nothing'))))).toEqual({
      code: 'message-not-found',
      facts: { messageId: 'nothing' },
    })
    await api.deleteMessage(bob, { chatId, messageId: message.id })
    expect(await refusal(api.reportMessage(ann, about()))).toEqual({ code: 'message-deleted', facts: { messageId: message.id } })
  })

  it('is seen by staff and by keys that moderate, and by nobody else', async () => {
    const { api, ann, staff, report } = await scene()
    const key = { ...ann, via: 'key', scopes: ['moderate'] } as const
    const ids = async (caller: Caller) => (await api.listReports(caller, {}, { limit: 10 })).items.map(({ id }) => id)
    expect([await ids(staff), await ids(key)]).toEqual([[report.id], [report.id]])
    expect(await refusal(api.listReports(ann, {}, { limit: 10 }))).toMatchObject({ code: 'not-allowed' })
    expect(await refusal(api.resolveReport(ann, { reportId: report.id, action: 'none' }))).toMatchObject({ code: 'not-allowed' })
    expect(await refusal(api.resolveReport(staff, { reportId: 'nothing', action: 'none' }))).toMatchObject({ code: 'not-found' })
  })

  it('that nothing follows from leaves message and member', async () => {
    const at = await scene()
    const { staff, bob, chatId, deeds, here, message, isMember } = at
    expect((await resolve(at, 'none')).resolved).toEqual({ action: 'none', at: here.clock.now(), by: staff.userId })
    const facts = { action: 'none', reason: 'abuse' }
    expect(deeds()).toEqual([{ name: 'report.resolved', actorId: staff.userId, userId: bob.userId, chatId, facts }])
    expect(here.store.chats.get(chatId)!.state.messages.get(message.id)!.deletedAt).toBeUndefined()
    expect(isMember()).toBe(true)
  })

  it('has one verdict: the second says what the first was', async () => {
    const at = await scene()
    const first = await resolve(at, 'none')
    expect(await resolve(at, 'ban')).toEqual(first)
    expect([at.deeds().length, at.isMember()]).toEqual([1, true])
  })

  it('deletes the message, and notes which', async () => {
    const at = await scene()
    const { staff, bob, chatId, deeds, here, message } = at
    await resolve(at, 'delete')
    expect(here.store.chats.get(chatId)!.state.messages.get(message.id)).toMatchObject({ text: undefined, deletedAt: here.clock.now() })
    expect(deeds()[0]).toEqual({
      name: 'message.deleted',
      actorId: staff.userId,
      userId: bob.userId,
      chatId,
      facts: { message_id: message.id },
    })
    expect(deeds()[1]!.facts).toEqual({ action: 'delete', reason: 'abuse' })
  })

  it('bans the author from the group, and notes that', async () => {
    const at = await scene()
    const { staff, bob, chatId, deeds, isMember, here } = at
    await resolve(at, 'ban')
    expect(isMember()).toBe(false)
    expect(here.store.chats.get(chatId)!.state.bans.get(bob.userId)).toMatchObject({ until: undefined })
    expect(deeds()[0]).toMatchObject({ name: 'member.banned', actorId: staff.userId, userId: bob.userId, chatId })
  })

  it('disables the author, unless that is who decides', async () => {
    const at = await scene()
    const { bob, here } = at
    const own = { ...bob, via: 'key', scopes: ['moderate'] } as const
    expect(await refusal(resolve(at, 'disable', own))).toEqual({ code: 'not-allowed', facts: { requires: [] } })
    expect(here.store.people.get(bob.userId)!.user.disabledAt).toBeUndefined()
    await resolve(at, 'disable')
    expect(here.store.people.get(bob.userId)!.user.disabledAt).toBe(here.clock.now())
  })
})

describe('the export of an account', () => {
  it('is for staff, of a user who is there, and is noted', async () => {
    const { api, ann, bob, staff, deeds } = await scene()
    expect(await refusal(api.exportAccount(ann, bob.userId))).toMatchObject({ code: 'not-allowed' })
    expect(await refusal(api.exportAccount(staff, 'nobody' as UserId))).toEqual({ code: 'user-not-found', facts: { userIds: ['nobody'] } })
    expect(deeds()).toEqual([])
    const parts: string[] = []
    for await (const { about } of await api.exportAccount(staff, bob.userId)) parts.push(about)
    expect(parts).toContain('messages')
    expect(deeds()).toMatchObject([{ name: 'user.exported', actorId: staff.userId, userId: bob.userId }])
  })
})

describe('a block', () => {
  it('is of somebody else who is there', async () => {
    const { api, ann } = await scene()
    for (const id of [ann.userId, SYSTEM_ID, 'nobody' as UserId])
      expect(await refusal(api.blockUser(ann, id))).toEqual({ code: 'user-not-found', facts: { userIds: [id] } })
  })

  it('is told to the live connections when it begins and when it ends', async () => {
    const here = processes()
    const [ann, bob] = [await here.person('Ann'), await here.person('Bob')]
    const line = await here.live(ann)
    await here.app.api.blockUser(ann, bob.userId)
    await here.settle()
    await here.app.api.unblockUser(ann, bob.userId)
    await here.settle()
    expect(line.of('blocked').map(({ userId, isBlocked }) => [userId, isBlocked])).toEqual([
      [bob.userId, true],
      [bob.userId, false],
    ])
  })
})

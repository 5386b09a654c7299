import { describe, expect, it } from 'vitest'
import {
  deleteAccount,
  endAccountSessions,
  findAccounts,
  inspectChat,
  listDeeds,
  listReports,
  recoverAccount,
  removeChat,
  resolveReport,
  updateAccount,
} from '../../../src/client/admin.ts'
import { reportMessage } from '../../../src/client/order.ts'
import { answered, clientOf, given, online } from './given.ts'

async function world() {
  const { server, ann, bob, chatId, clock } = await given()
  const vera = server.addPerson('Vera', { isStaff: true })
  const [staff, bobs] = [clientOf(server, vera).client, clientOf(server, bob).client]
  await online(server, staff)
  await online(server, bobs)
  const run = <T>(call: Promise<T>) => answered(clock, call)
  return { server, ann, bob, vera, chatId, staff, bobs, run }
}

describe('the staff', () => {
  it('finds users page by page, renames and disables them, and leaves a trace', async () => {
    const { ann, bob, vera, staff, run } = await world()
    const first = await run(findAccounts(staff, { limit: 2 }))
    const rest = await run(findAccounts(staff, { limit: 2, cursor: first.next }))
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Vera'])
    expect(rest.items[0]).toMatchObject({ id: vera.id, isAdmin: true, disabledAt: undefined })

    expect(await run(updateAccount(staff, ann.id, { name: 'Anna', username: 'anna' }))).toMatchObject({ name: 'Anna', username: 'anna' })
    await expect(run(updateAccount(staff, ann.id, { username: 'bob' }))).rejects.toMatchObject({ code: 'username-taken' })
    const { disabledAt } = await run(updateAccount(staff, bob.id, { isDisabled: true }))
    expect(disabledAt).toBeTypeOf('number')
    expect((await run(findAccounts(staff, { state: 'disabled' }))).items.map(({ id }) => id)).toEqual([bob.id])
    expect(await run(updateAccount(staff, bob.id, { isDisabled: false }))).toMatchObject({ disabledAt: undefined })
    await run(endAccountSessions(staff, ann.id))
    const { code, expiresAt } = await run(recoverAccount(staff, ann.id))
    expect([typeof code, typeof expiresAt]).toEqual(['string', 'number'])
    await run(deleteAccount(staff, ann.id))
    expect((await run(findAccounts(staff, { query: 'anna' }))).items).toEqual([])
    const { items } = await run(listDeeds(staff, { userId: ann.id }))
    expect(items.map(({ name }) => name)).toEqual(['user.deleted', 'user.recovery-made', 'user.renamed'])
    expect(items[0]).toMatchObject({ actorId: vera.id, keyId: undefined, userId: ann.id, chatId: undefined })
    expect(items.at(-1)?.facts).toEqual({ name: true, username: true })
  })

  it('resolves a report, once', async () => {
    const { ann, bob, vera, chatId, staff, bobs, run, server } = await world()
    const messageId = await ann.send(chatId, 'Buy my stones')
    await run(reportMessage(bobs, { chatId, messageId, reason: 'spam', comment: 'Again' }))
    const [report] = (await run(listReports(staff, { state: 'open' }))).items
    expect(report).toMatchObject({ messageId, chatId, userId: ann.id, reporterId: bob.id, reason: 'spam', comment: 'Again' })
    expect(report).toMatchObject({ text: 'Buy my stones', action: undefined, resolvedAt: undefined, resolvedBy: undefined })
    await expect(run(resolveReport(staff, report!.id, 'ban'))).rejects.toMatchObject({ code: 'not-a-group' })
    expect(await run(resolveReport(staff, report!.id, 'delete'))).toMatchObject({ action: 'delete', resolvedBy: vera.id })
    expect(server.texts(chatId)).toEqual([undefined])
    expect(await run(resolveReport(staff, report!.id, 'none'))).toMatchObject({ action: 'delete' })
    expect((await run(listReports(staff, { state: 'open' }))).items).toEqual([])
  })

  it('looks at a chat without its texts, and deletes it', async () => {
    const { ann, bob, staff, run } = await world()
    const chatId = await ann.group('Tea', [bob.id])
    expect(await run(inspectChat(staff, chatId))).toMatchObject({ id: chatId, kind: 'group', name: 'Tea', memberCount: 2 })
    await run(removeChat(staff, chatId))
    await expect(run(inspectChat(staff, chatId))).rejects.toMatchObject({ code: 'chat-not-found' })
    expect((await run(listDeeds(staff, { chatId }))).items.map(({ name }) => name)).toEqual(['chat.deleted'])
  })

  it('is nobody else', async () => {
    const { ann, chatId, bobs, run } = await world()
    const calls = [
      findAccounts(bobs),
      updateAccount(bobs, ann.id, { isDisabled: true }),
      endAccountSessions(bobs, ann.id),
      recoverAccount(bobs, ann.id),
      deleteAccount(bobs, ann.id),
      inspectChat(bobs, chatId),
      removeChat(bobs, chatId),
      listReports(bobs),
      resolveReport(bobs, ann.id, 'none'),
      listDeeds(bobs),
    ]
    const codes = await run(
      Promise.all(
        calls.map((call) =>
          call.then(
            () => 'done',
            (error: { code?: string }) => error.code,
          ),
        ),
      ),
    )
    expect(codes).toEqual(calls.map(() => 'not-allowed'))
  })
})

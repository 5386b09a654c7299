import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../src/adapters/memory/files.ts'
import { memoryOwn } from '../../../src/adapters/memory/own.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { openPrivateChat } from '../../../src/application/chats/open-private-chat.ts'
import { updateMyChat } from '../../../src/application/chats/update-my-chat.ts'
import type { Interceptors } from '../../../src/application/ports/interceptors.ts'
import type { Scope } from '../../../src/domain/decision.ts'
import { asId, type ChatId, SYSTEM_ID } from '../../../src/domain/ids.ts'
import { REQUESTS_LIMIT } from '../../../src/domain/invitation.ts'
import { refuse } from '../../../src/domain/refusal.ts'
import { RULES } from '../../../src/domain/rules.ts'
import { simulatedPorts } from '../../support/simulated.ts'
import { type Change, processes } from './unpolled.ts'

const page = { limit: 10 }
const lost = 'lost' as ChatId

/** Three people on one process. Secrets and codes are numbered, and longer than a code. */
async function scene(change: Change = () => ({})) {
  let secrets = 0
  const newSecret = () => `${++secrets}`.padStart(30, '0').split('').toReversed().join('')
  const here = processes(1, { change: (ports) => ({ newSecret, digest: (text) => `digest of ${text}`, ...change(ports) }) })
  const { api } = here.app
  const [ann, bob, eve] = [await here.person('Ann'), await here.person('Bob'), await here.person('Eve')]
  const ids = (...all: Caller[]) => all.map(({ userId }) => userId)
  const members = async (chatId: ChatId, by = ann) =>
    (await api.listMembers(by, chatId, page)).items.map(({ person }) => person.id).toSorted()
  const headOf = (chatId: ChatId) => here.store.chats.get(chatId)!.state.chat.headSeq
  return { here, api, ann, bob, eve, ids, members, headOf }
}

/** Code of the host that writes down what it is asked, and refuses what it is told to. */
function host(isRefused: () => boolean = () => false) {
  const asked: unknown[] = []
  const ask = (...given: unknown[]) => {
    asked.push(given)
    if (isRefused()) refuse('unwanted')
  }
  const interceptors: Interceptors = { beforeCreateChat: ask, beforeJoin: ask }
  return { asked, change: () => ({ interceptors }) }
}

describe('a group', () => {
  it('has its creator and others, each once, as the host is told before', async () => {
    const { asked, change } = host()
    const { api, ann, bob, eve, ids, members } = await scene(change)
    const { view, isNew } = await api.createGroup(ann, { name: ' Friends ', memberIds: ids(bob, ann, bob, eve), data: { a: 1 } })
    expect([view.chat.name, view.chat.kind, view.chat.data, isNew]).toEqual(['Friends', 'group', { a: 1 }, true])
    expect(await members(view.chat.id)).toEqual(ids(ann, bob, eve).toSorted())
    expect(asked).toEqual([[{ kind: 'group', name: ' Friends ', memberIds: ids(bob, eve) }, { caller: { userId: ann.userId } }]])
  })

  it('is not made where the host refuses it, nor with a name or data that cannot be', async () => {
    const { here, api, ann } = await scene(host(() => true).change)
    await expect(api.createGroup(ann, { name: 'Friends', memberIds: [] })).rejects.toMatchObject({ code: 'refused' })
    const { api: other } = (await scene()).here.app
    await expect(other.createGroup(ann, { name: ' ', memberIds: [] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(other.createGroup(ann, { name: 'A', memberIds: [], data: [] as never })).rejects.toMatchObject({ code: 'invalid' })
    expect(here.store.chats.size).toBe(0)
  })

  it('is made once under a key of its creator', async () => {
    const { api, ann, bob } = await scene()
    const make = (by: Caller, clientChatId?: string) => api.createGroup(by, { name: 'Friends', memberIds: [], clientChatId })
    const first = await make(ann, 'key')
    const again = await make(ann, 'key')
    expect([again.isNew, again.view.chat.id]).toEqual([false, first.view.chat.id])
    const others = [await make(bob, 'key'), await make(ann), await make(ann)]
    expect(new Set([first, ...others].map(({ view }) => view.chat.id)).size).toBe(4)
  })

  it('has as many members as the operator allows', async () => {
    const { api, ann, bob, eve, ids } = await scene(() => ({ groupLimit: 2 }))
    const full = { code: 'group-full', facts: { limit: 2 } }
    await expect(api.createGroup(ann, { name: 'A', memberIds: ids(bob, eve) })).rejects.toMatchObject(full)
    const { view } = await api.createGroup(ann, { name: 'A', memberIds: ids(bob) })
    await expect(api.addMembers(ann, { chatId: view.chat.id, userIds: ids(eve) })).rejects.toMatchObject(full)
  })
})

describe('new members', () => {
  it('are told to the host, each once; who is there already is not added', async () => {
    const { asked, change } = host()
    const { here, api, ann, bob, eve, ids, headOf } = await scene(change)
    const chatId = await here.group(ann, [bob])
    asked.splice(0)
    const { added, skipped } = await api.addMembers(ann, { chatId, userIds: ids(eve, bob, eve) })
    expect([added.map(({ person }) => person.id), skipped]).toEqual([ids(eve), []])
    expect(asked).toEqual([[{ chatId, userIds: ids(eve, bob) }, { caller: { userId: ann.userId } }]])
    const head = headOf(chatId)
    expect(await api.addMembers(ann, { chatId, userIds: ids(bob, ann) })).toEqual({ added: [], skipped: [] })
    expect(headOf(chatId)).toBe(head)
  })

  it('are those who let the caller add them', async () => {
    const { here, api, ann, bob, eve, ids, members } = await scene()
    const chatId = await here.group(ann)
    await api.blockUser(bob, ann.userId)
    const { added, skipped } = await api.addMembers(ann, { chatId, userIds: ids(bob, eve) })
    expect([added.map(({ person }) => person.id), skipped]).toEqual([ids(eve), ids(bob)])
    expect(await members(chatId)).toEqual(ids(ann, eve).toSorted())
  })

  it('are asked for by whoever adds them, not for themselves', async () => {
    const scopes: Scope[] = []
    const change: Change = ({ log }) => ({
      log(onCommit) {
        const made = log(onCommit)
        return { ...made, change: (scope, decide) => (scopes.push(scope), made.change(scope, decide)) }
      },
    })
    const { here, api, ann, bob, ids } = await scene(change)
    const chatId = await here.group(ann)
    await api.addMembers(ann, { chatId, userIds: ids(ann, bob) })
    expect(scopes.at(-1)).toMatchObject({ people: ids(ann, bob), consents: [[bob.userId, ann.userId]] })
  })

  it('are refused by the host', async () => {
    let isRefused = false
    const { here, api, ann, bob, eve, ids, members } = await scene(host(() => isRefused).change)
    const chatId = await here.group(ann, [bob])
    const { code } = await api.createInvitation(ann, { chatId })
    isRefused = true
    await expect(api.addMembers(ann, { chatId, userIds: ids(eve) })).rejects.toMatchObject({ code: 'refused' })
    await expect(api.joinChat(eve, { code })).rejects.toMatchObject({ code: 'refused' })
    expect(await members(chatId)).toEqual(ids(ann, bob).toSorted())
  })
})

describe('who leaves', () => {
  it('a private chat hides it; the other one keeps it', async () => {
    const { here, api, ann, bob, ids, headOf } = await scene()
    const { view } = await api.openPrivateChat(ann, { userId: bob.userId })
    const chatId = view.chat.id
    await here.say(ann, chatId)
    const head = headOf(chatId)
    expect(await api.removeMembers(ann, { chatId, userIds: ids(ann, ann) })).toEqual(ids(ann))
    expect(headOf(chatId)).toBe(head)
    const listed = async (who: Caller) => (await api.listChats(who, {}, page)).items.length
    expect([await listed(ann), await listed(bob)]).toEqual([0, 1])
    await expect(api.removeMembers(ann, { chatId: lost, userIds: ids(ann) })).rejects.toMatchObject({ code: 'chat-not-found' })
  })

  it('a group for good is not added again; who is removed is', async () => {
    const { here, api, ann, bob, eve, ids } = await scene()
    const chatId = await here.group(ann, [bob, eve])
    expect(await api.removeMembers(bob, { chatId, userIds: ids(bob), stayOut: true })).toEqual(ids(bob))
    expect(await api.removeMembers(ann, { chatId, userIds: ids(eve), stayOut: true })).toEqual(ids(eve))
    const { added, skipped } = await api.addMembers(ann, { chatId, userIds: ids(bob, eve) })
    expect([added.map(({ person }) => person.id), skipped]).toEqual([ids(eve), ids(bob)])
  })

  it('without a word can be added again, also after having stayed out before', async () => {
    const { here, api, ann, bob, ids } = await scene()
    const chatId = await here.group(ann, [bob])
    await api.removeMembers(bob, { chatId, userIds: ids(bob), stayOut: true })
    const { code } = await api.createInvitation(ann, { chatId })
    await api.joinChat(bob, { code })
    await api.removeMembers(bob, { chatId, userIds: ids(bob) })
    expect((await api.addMembers(ann, { chatId, userIds: ids(bob) })).added).toHaveLength(1)
  })

  it('and is refused stays as before', async () => {
    const stays: unknown[] = []
    const change: Change = ({ consents }) => ({
      consents: {
        ...consents,
        async stayOut(...given) {
          stays.push(given)
          return consents.stayOut(...given)
        },
      },
    })
    const { here, api, ann, bob, ids } = await scene(change)
    const chatId = await here.group(ann, [bob])
    const leave = (stayOut?: boolean) => api.removeMembers(ann, { chatId, userIds: ids(ann), stayOut })
    await expect(leave(true)).rejects.toMatchObject({ code: 'last-owner' })
    expect(stays).toEqual([
      [ann.userId, chatId, here.clock.now()],
      [ann.userId, chatId, undefined],
    ])
    stays.splice(0)
    await expect(leave()).rejects.toMatchObject({ code: 'last-owner' })
    expect(stays).toEqual([[ann.userId, chatId, undefined]])
    stays.splice(0)
    await expect(api.removeMembers(bob, { chatId, userIds: ids(ann), stayOut: true })).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(api.removeMembers(ann, { chatId, userIds: ids(ann, bob) })).rejects.toMatchObject({ code: 'last-owner' })
    await api.removeMembers(ann, { chatId, userIds: ids(bob) })
    expect(stays).toEqual([])
  })
})

describe('a private chat', () => {
  it('is asked of the host, and is none with oneself', async () => {
    const { asked, change } = host()
    const { api, ann, bob, ids } = await scene(change)
    const { view, isNew } = await api.openPrivateChat(ann, { userId: bob.userId, data: { a: 1 } })
    expect([view.chat.kind, view.chat.data, isNew]).toEqual(['private', { a: 1 }, true])
    expect(asked).toEqual([[{ kind: 'private', memberIds: ids(bob) }, { caller: { userId: ann.userId } }]])
    await expect(api.openPrivateChat(ann, { userId: ann.userId })).rejects.toMatchObject({ code: 'chat-with-self' })
    await expect(api.openPrivateChat(bob, { userId: ann.userId, data: [] as never })).rejects.toMatchObject({ code: 'invalid' })
    const refusing = await scene(host(() => true).change)
    await expect(refusing.api.openPrivateChat(refusing.ann, { userId: refusing.bob.userId })).rejects.toMatchObject({ code: 'refused' })
  })

  it('without a message appears to whoever opens it as well, and to their devices', async () => {
    const { here, api, ann, bob } = await scene()
    const device = await here.live(bob)
    const { view } = await api.openPrivateChat(ann, { userId: bob.userId })
    await here.settle()
    const before = device.handed.length
    expect((await api.listChats(bob, {}, page)).items).toEqual([])
    const opened = await api.openPrivateChat(bob, { userId: ann.userId })
    expect([opened.isNew, opened.view.chat.id, opened.view.me.isHidden]).toEqual([false, view.chat.id, false])
    expect((await api.listChats(bob, {}, page)).items).toHaveLength(1)
    await here.settle()
    expect(device.handed.length).toBeGreaterThan(before)
  })

  it('that its user has hidden stays so, and no device is told that it appeared', async () => {
    const { here, api, ann, bob, ids } = await scene()
    const chatId = (await api.openPrivateChat(ann, { userId: bob.userId })).view.chat.id
    await api.removeMembers(ann, { chatId, userIds: ids(ann) })
    const appeared: unknown[] = []
    const own = { bus: undefined as never, clock: here.clock.now, newId: () => 'id', random: () => 0, later() {} }
    const { log, ...ports } = simulatedPorts(here.store, own)
    const open = openPrivateChat({ ...ports, log: log(() => {}), appeared: (...given) => void appeared.push(given) })
    expect((await open(ann, { userId: bob.userId })).view.me.isHidden).toBe(true)
    expect(appeared).toEqual([])
    expect((await open(bob, { userId: ann.userId })).view.me.isHidden).toBe(false)
    expect(appeared).toEqual([[bob.userId, chatId]])
  })
})

describe('what a group says of itself', () => {
  it('is changed by part', async () => {
    const { here, api, ann } = await scene()
    const chatId = await here.group(ann)
    expect((await api.renameChat(ann, { chatId, name: ' Other ' })).chat).toMatchObject({ name: 'Other', description: undefined })
    expect((await api.renameChat(ann, { chatId, description: 'About' })).chat).toMatchObject({ name: 'Other', description: 'About' })
    expect((await api.renameChat(ann, { chatId, data: { a: 1 } })).chat).toMatchObject({ description: 'About', data: { a: 1 } })
    expect((await api.renameChat(ann, { chatId, rules: { post: 'admin' } })).chat.rules).toEqual({ ...RULES, post: 'admin' })
    await expect(api.renameChat(ann, { chatId, name: ' ' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(api.renameChat(ann, { chatId, description: 'x'.repeat(100_000) })).rejects.toMatchObject({ code: 'invalid' })
    await expect(api.renameChat(ann, { chatId, data: [] as never })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('has a picture, which is a file of whoever gives it', async () => {
    const { here, api, ann } = await scene()
    const chatId = await here.group(ann)
    const files = memoryFiles(here.store)
    await files.claim({ sha256: 'sha', size: 1 }, 0)
    const file = {
      id: 'f',
      ownerId: ann.userId,
      name: 'a.png',
      size: 1,
      type: 'image/png',
      kind: 'image',
      sha256: 'sha',
      hasPreviews: true,
    }
    await files.add({ ...file, sentSha256: 'sha', clientFileId: undefined, createdAt: 0 } as never, 100)
    expect((await api.renameChat(ann, { chatId, avatar: asId('f') })).chat.avatar).toBe('f')
    await expect(api.renameChat(ann, { chatId, avatar: asId('g') })).rejects.toMatchObject({ code: 'file-not-found' })
    expect((await api.renameChat(ann, { chatId, avatar: null })).chat.avatar).toBeUndefined()
  })

  it('is about a member who may have left meanwhile', async () => {
    const { here, api, ann, bob } = await scene(({ chats }) => ({ chats: { ...chats, membersOf: async () => [] } }))
    const chatId = await here.group(ann, [bob])
    const { userId } = bob
    await expect(api.changeRole(ann, { chatId, userId, role: 'admin' })).rejects.toMatchObject({
      code: 'user-not-found',
      facts: { userIds: [userId] },
    })
  })

  it('and roles are for members', async () => {
    const { here, api, ann, bob, eve } = await scene()
    const chatId = await here.group(ann, [bob])
    const member = await api.changeRole(ann, { chatId, userId: bob.userId, role: 'admin' })
    expect([member.person.id, member.role]).toEqual([bob.userId, 'admin'])
    await expect(api.changeRole(ann, { chatId, userId: eve.userId, role: 'admin' })).rejects.toMatchObject({ code: 'user-not-found' })
  })
})

describe('an invitation', () => {
  it('has a code of 22 characters, and says what it was made with', async () => {
    const { here, api, ann } = await scene()
    const chatId = await here.group(ann)
    const expiresAt = here.clock.now() + 3_600_000
    const { invitation, code } = await api.createInvitation(ann, { chatId, expiresAt, uses: 3, needsApproval: true })
    expect(code).toBe('1000000000000000000000')
    expect(invitation).toEqual({
      id: expect.any(String),
      chatId,
      createdBy: ann.userId,
      createdAt: here.clock.now(),
      expiresAt,
      uses: 3,
      used: 0,
      needsApproval: true,
      hash: `digest of ${code}`,
    })
    await expect(api.createInvitation(ann, { chatId, expiresAt: here.clock.now() })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('is seen and revoked by the staff, and by whoever made it', async () => {
    const { here, api, ann, bob, eve } = await scene()
    const chatId = await here.group(ann, [bob, eve])
    await expect(api.createInvitation(bob, { chatId })).rejects.toMatchObject({ code: 'not-allowed' })
    await api.renameChat(ann, { chatId, rules: { invite: 'member' } })
    const { invitation } = await api.createInvitation(bob, { chatId })
    const seen = async (who: Caller) => (await api.listInvitations(who, chatId, page)).items.map(({ id }) => id)
    expect([await seen(ann), await seen(bob), await seen(eve)]).toEqual([[invitation.id], [invitation.id], []])
    const revoke = (who: Caller, invitationId = invitation.id) => api.deleteInvitation(who, { chatId, invitationId })
    await expect(revoke(eve)).rejects.toMatchObject({ code: 'invitation-not-found' })
    await expect(revoke(ann, 'nothing')).rejects.toMatchObject({ code: 'invitation-not-found' })
    await revoke(bob)
    expect(await seen(ann)).toEqual([])
    await expect(revoke(bob)).rejects.toMatchObject({ code: 'invitation-not-found' })
  })

  it('that another process has revoked meanwhile is not found', async () => {
    const { here, api, ann } = await scene(({ invitations }) => ({ invitations: { ...invitations, remove: async () => false } }))
    const chatId = await here.group(ann)
    const { invitation } = await api.createInvitation(ann, { chatId })
    const revoked = api.deleteInvitation(ann, { chatId, invitationId: invitation.id })
    await expect(revoked).rejects.toMatchObject({ code: 'invitation-not-found' })
  })

  it('is one of a hundred of a group', async () => {
    const { here, api, ann } = await scene()
    const chatId = await here.group(ann)
    for (let i = 0; i < 100; i++) await api.createInvitation(ann, { chatId })
    await expect(api.createInvitation(ann, { chatId })).rejects.toMatchObject({ code: 'invitations-full', facts: { limit: 100 } })
  })

  it('lets in once, and asks the host of nobody who is in', async () => {
    const { asked, change } = host()
    const { here, api, ann, bob, headOf } = await scene(change)
    const chatId = await here.group(ann)
    asked.splice(0)
    const { code } = await api.createInvitation(ann, { chatId, uses: 1 })
    expect((await api.joinChat(bob, { code })).chat.id).toBe(chatId)
    const head = headOf(chatId)
    expect((await api.joinChat(bob, { code })).chat.id).toBe(chatId)
    expect(headOf(chatId)).toBe(head)
    expect(asked).toEqual([[{ chatId, userIds: [bob.userId] }, { caller: { userId: bob.userId } }]])
    for (const call of [api.joinChat(bob, { code: 'made up' }), api.askToJoin(bob, { code: 'made up' })])
      await expect(call).rejects.toMatchObject({ code: 'invitation-not-found' })
  })
})

describe('a request', () => {
  async function asking(change: Change = () => ({})) {
    const at = await scene(change)
    const chatId = await at.here.group(at.ann, [at.bob])
    const { code, invitation } = await at.api.createInvitation(at.ann, { chatId, needsApproval: true })
    return { ...at, chatId, code, invitation }
  }

  it('says what it is for, and that a member need not ask', async () => {
    const { here, api, bob, eve, ann, chatId, code, invitation } = await asking()
    expect(await api.askToJoin(eve, { code })).toEqual({ chatId, name: 'Group', isMember: false })
    expect(await api.askToJoin(bob, { code })).toEqual({ chatId, name: 'Group', isMember: true })
    const { items } = await api.listRequests(ann, chatId, page)
    expect(items).toMatchObject([{ person: { id: eve.userId }, at: here.clock.now(), invitationId: invitation.id }])
    expect(items).toHaveLength(1)
    await expect(api.listRequests(bob, chatId, page)).rejects.toMatchObject({ code: 'not-allowed' })
  })

  it('is one of so many, unless the user has been let in meanwhile', async () => {
    const limits: unknown[] = []
    const full: Change = ({ requests }) => ({
      requests: {
        ...requests,
        async add(_request, limit) {
          limits.push(limit)
          return false
        },
      },
    })
    const { api, eve, code } = await asking(full)
    await expect(api.askToJoin(eve, { code })).rejects.toMatchObject({ code: 'requests-full', facts: { limit: REQUESTS_LIMIT } })
    expect(limits).toEqual([REQUESTS_LIMIT])
    let letIn = async () => {}
    const late: Change = ({ requests }) => ({
      requests: {
        ...requests,
        async add() {
          await letIn()
          return false
        },
      },
    })
    const other = await asking(late)
    letIn = async () => void (await other.api.addMembers(other.ann, { chatId: other.chatId, userIds: [other.eve.userId] }))
    expect(await other.api.askToJoin(other.eve, { code: other.code })).toEqual({ chatId: other.chatId, name: 'Group', isMember: true })
  })

  it('is accepted by the staff, also of somebody who had left for good', async () => {
    const { api, ann, bob, eve, ids, chatId, code, members } = await asking()
    await api.addMembers(ann, { chatId, userIds: ids(eve) })
    await api.removeMembers(eve, { chatId, userIds: ids(eve), stayOut: true })
    await api.askToJoin(eve, { code })
    await expect(api.acceptRequest(bob, { chatId, userId: eve.userId })).rejects.toMatchObject({ code: 'not-allowed' })
    await api.acceptRequest(ann, { chatId, userId: eve.userId })
    expect(await members(chatId)).toEqual(ids(ann, bob, eve).toSorted())
    await api.removeMembers(ann, { chatId, userIds: ids(eve) })
    expect((await api.addMembers(ann, { chatId, userIds: ids(eve) })).skipped).toEqual([])
  })

  it('is declined by the staff, or taken back', async () => {
    const { api, ann, bob, eve, chatId, code } = await asking()
    const decline = (by: Caller) => api.declineRequest(by, { chatId, userId: eve.userId })
    const count = async () => (await api.listRequests(ann, chatId, page)).items.length
    for (const by of [ann, eve]) {
      await api.askToJoin(eve, { code })
      await expect(decline(bob)).rejects.toMatchObject({ code: 'not-allowed' })
      expect(await count()).toBe(1)
      await decline(by)
      expect(await count()).toBe(0)
    }
  })

  it('goes by the host', async () => {
    let isRefused = false
    const { asked, change } = host(() => isRefused)
    const { api, ann, eve, chatId, code } = await asking(change)
    isRefused = true
    asked.splice(0)
    await expect(api.askToJoin(eve, { code })).rejects.toMatchObject({ code: 'refused' })
    expect(asked).toEqual([[{ chatId, userIds: [eve.userId] }, { caller: { userId: eve.userId } }]])
    expect((await api.listRequests(ann, chatId, page)).items).toEqual([])
  })

  it('of a member is none: neither the host nor the staff is asked', async () => {
    const { asked, change } = host()
    const { api, ann, bob, chatId, code } = await asking(change)
    asked.splice(0)
    expect(await api.askToJoin(bob, { code })).toMatchObject({ isMember: true })
    expect([asked, (await api.listRequests(ann, chatId, page)).items]).toEqual([[], []])
  })
})

describe('a ban and a mute', () => {
  it('are given by the staff, with a reason that is short enough', async () => {
    const { here, api, ann, bob, eve, ids, chatId, members } = await (async () => {
      const at = await scene()
      return { ...at, chatId: await at.here.group(at.ann, [at.bob, at.eve]) }
    })()
    const until = here.clock.now() + 3_600_000
    await expect(api.banUser(ann, { chatId, userId: bob.userId, reason: 'x'.repeat(10_000) })).rejects.toMatchObject({ code: 'invalid' })
    await expect(api.listBans(bob, chatId, page)).rejects.toMatchObject({ code: 'not-allowed' })
    await api.banUser(ann, { chatId, userId: bob.userId, reason: ' rude ', until })
    await api.banUser(ann, { chatId, userId: eve.userId })
    expect(await members(chatId)).toEqual(ids(ann))
    const { items } = await api.listBans(ann, chatId, page)
    expect(items.map((ban) => [ban.reason, ban.until])).toEqual(
      expect.arrayContaining([
        ['rude', until],
        [undefined, undefined],
      ]),
    )
    here.clock.advance(3_600_000)
    expect((await api.listBans(ann, chatId, page)).items).toHaveLength(1)
    await api.unbanUser(ann, { chatId, userId: eve.userId })
    expect((await api.listBans(ann, chatId, page)).items).toEqual([])
  })

  it('a mute ends when it is taken back', async () => {
    const { here, api, ann, bob } = await scene()
    const chatId = await here.group(ann, [bob])
    await api.muteMember(ann, { chatId, userId: bob.userId, until: here.clock.now() + 3_600_000 })
    await expect(here.say(bob, chatId)).rejects.toMatchObject({ code: 'muted' })
    await api.unmuteMember(ann, { chatId, userId: bob.userId })
    expect(await here.say(bob, chatId)).toBeGreaterThan(0)
  })
})

describe('a back end', () => {
  const key = { userId: SYSTEM_ID, sessionId: asId('key'), via: 'key', scopes: ['read'] } as unknown as Caller

  it('reads a chat as its first member does; a chat without members is none', async () => {
    const { here, api, ann, bob } = await scene()
    const chatId = await here.group(ann, [bob])
    expect((await api.getChat(key, chatId)).chat.id).toBe(chatId)
    expect((await api.listMembers(key, chatId, page)).items).toHaveLength(2)
    await expect(api.getChat(key, lost)).rejects.toMatchObject({ code: 'chat-not-found', facts: { chatId: lost } })
    const person = { ...key, userId: ann.userId } as Caller
    const { view } = await api.openPrivateChat(bob, { userId: (await here.person('Eve')).userId })
    await expect(api.getChat(person, view.chat.id)).rejects.toMatchObject({ code: 'chat-not-found' })
  })
})

describe('the list of chats', () => {
  it('is changed by its user, whose devices are told what differs and nothing else', async () => {
    const { here, api, ann } = await scene()
    const chatId = await here.group(ann)
    const owned: unknown[] = []
    const update = updateMyChat({ own: memoryOwn(here.store), clock: here.clock.now, owned: (now) => void owned.push(now) })
    const me = await update(ann, { chatId, pinned: true })
    for (const change of [{ pinned: true }, {}, { archived: false }]) expect(await update(ann, { chatId, ...change })).toEqual(me)
    expect(owned).toMatchObject([{ userId: ann.userId, chatId, me }])
    await expect(api.updateMyChat(ann, { chatId: lost, pinned: true })).rejects.toMatchObject({ code: 'chat-not-found' })
  })

  it('is searched by names, however they are written', async () => {
    const { here, api, ann } = await scene()
    await here.group(ann)
    const found = async (query?: string) => (await api.listChats(ann, { query }, page)).items.length
    expect([await found(), await found('GROUP'), await found('other')]).toEqual([1, 1, 0])
  })
})

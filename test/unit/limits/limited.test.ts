import { describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { guarded } from '../../../src/application/access.ts'
import { type Call, type CallName, calls } from '../../../src/application/calls.ts'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { fair } from '../../../src/application/fairness.ts'
import { limited } from '../../../src/application/limits.ts'
import type { Counted as RateCounted, RateLimiter } from '../../../src/application/ports/limiter.ts'
import { SYSTEM_ID } from '../../../src/domain/ids.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

type Counted = readonly (readonly [kind: string, key: string])[]
const work: Counted = [
  ['work', 'user'],
  ['work-network', 'address'],
]
const send: Counted = [
  ['send', 'user'],
  ['work-network', 'address'],
]
const react: Counted = [
  ['react', 'user'],
  ['work-network', 'address'],
]
const create: Counted = [['create', 'user'], ...work]
const upload: Counted = [['upload', 'user'], ...work]
const ofFiles = ['getUpload', 'continueUpload', 'endUpload', 'getFile', 'deleteFile', 'getFileUrls', 'getFileContent', 'listFiles'] as const
const changes = [
  'logout',
  'endSession',
  'upgradeGuest',
  'updateMe',
  'updateMyChat',
  'renameChat',
  'deleteChat',
  'removeMembers',
  'changeRole',
  'markRead',
  'changePassword',
  'deleteMe',
  'verifyEmail',
  'sendEmailCode',
  'addTotp',
  'confirmTotp',
  'removeFactor',
  'newRecoveryCodes',
  'findAccounts',
  'updateAccount',
  'endAccountSessions',
  'recoverAccount',
  'deleteAccount',
  'inspectChat',
  'removeChat',
  'listDeeds',
  'passkeyCreation',
  'addPasskey',
] as const
const aboutPrograms = ['getNotices', 'setNotices', 'getPushKey', 'keepPushDevice', 'dropPushDevice', 'listInlets', 'deleteInlet'] as const
const reads = ['listFactors', 'listSessions', 'getMe', 'findUsers', 'getUser', 'listChats', 'getChat', 'listMembers'] as const
const readsOfMessages = [
  'listMessages',
  'searchMessages',
  'listMentions',
  'getMessage',
  'listReaders',
  'listReactions',
  'listPins',
  'listEvents',
  'listBlocks',
  'muteMember',
  'unmuteMember',
  'banUser',
  'unbanUser',
  'listBans',
  'listInvitations',
  'deleteInvitation',
  'listReports',
  'resolveReport',
  'blockUser',
  'unblockUser',
] as const
/** Every call that uses up a limit: all but those that find out who asks. */
const counted: { readonly [C in CallName]?: Counted } = {
  ...Object.fromEntries([...changes, ...reads, ...readsOfMessages, ...aboutPrograms, ...ofFiles].map((name) => [name, work])),
  uploadFile: upload,
  createUpload: upload,
  getSignedContent: [['work-network', 'address']],
  createInlet: create,
  postToInlet: [['work-network', 'address']],
  unsubscribe: [['work-network', 'address']],
  exportMe: work,
  exportAccount: work,
  openPrivateChat: create,
  reportMessage: create,
  createInvitation: create,
  joinChat: create,
  askToJoin: create,
  acceptRequest: create,
  declineRequest: work,
  listRequests: work,
  createGroup: create,
  addMembers: create,
  register: [['register', 'address']],
  createGuest: [['register', 'address']],
  login: [['login-address', 'address']],
  resetPassword: [['login-address', 'address']],
  passkeySignIn: [['login-address', 'address']],
  signInWithPasskey: [['login-address', 'address']],
  recover: [['recover', 'address']],
  refresh: [['refresh', 'address']],
  sendMessage: send,
  sendMessageToUser: send,
  editMessage: send,
  deleteMessage: send,
  addReaction: react,
  removeReaction: react,
  pinMessage: react,
  unpinMessage: react,
}
const names = Object.keys(calls) as CallName[]
const who = { userId: 'user', sessionId: 'session', address: 'address' }

/** An API that writes down what was done, and calls one of its functions. */
function recording() {
  const done: unknown[] = []
  const api = Object.fromEntries(names.map((name) => [name, async () => void done.push(name)])) as unknown as ChatApi
  const call = (of: ChatApi, name: CallName, by: object | undefined) =>
    (of[name] as (who: unknown, command: object) => Promise<unknown>)(by, { login: ' Anna ' })
  return { done, api, call }
}

describe('the limited API', () => {
  it.each(names)('counts %s as its row says, then does it', async (name) => {
    const { done, api, call } = recording()
    const admit = async (kind: string, key: string) => {
      done.push([kind, key])
      return undefined
    }
    await call(limited(api, { admit }), name, who)
    expect(done).toEqual([...(counted[name] ?? []), name])
  })

  it.each(Object.keys(counted) as CallName[])('does nothing of %s when the first limit is used up', async (name) => {
    const { done, api, call } = recording()
    const admit = async () => Promise.reject(new Refusal('too-many-requests', { retryAfterMs: 1 }))
    await expect(call(limited(api, { admit }), name, who)).rejects.toMatchObject({ code: 'too-many-requests' })
    expect(done).toEqual([])
  })
})

describe('every call', () => {
  it('that users can make has a limit', () => {
    expect(names.filter((name) => calls[name].who !== 'anyone' && !('isForKeys' in calls[name]) && !counted[name])).toEqual([])
  })

  it('counts a network by the /64 of an address, and nothing where there is no address', async () => {
    const { done, api, call } = recording()
    const admit = async (kind: string, key: string) => {
      done.push([kind, key])
      return undefined
    }
    await call(limited(api, { admit }), 'refresh', { address: '2001:db8::7' })
    await call(limited(api, { admit }), 'getMe', { userId: 'user', sessionId: 'session' })
    expect(done).toEqual([['refresh', '2001:db8:0:0::/64'], 'refresh', ['work', 'user'], 'getMe'])
  })
})

describe('a counter that was used up', () => {
  const told = async (admit: RateLimiter['admit'], by: object = {}) => {
    const { api, call, done } = recording()
    const heard: unknown[] = []
    await call(limited(api, { admit }), 'createGroup', { ...who, ...by, onCounted: (counted: unknown) => void heard.push(counted) })
    expect(done).toEqual(['createGroup'])
    return heard
  }
  const counted = (kind: string) => ({ kind }) as RateCounted
  const all = ['create', 'work', 'work-network'].map(counted)

  it('is told to the driver, whether or not somebody had to be asked', async () => {
    expect(await told((kind) => counted(kind))).toEqual(all)
    expect(await told(async (kind) => counted(kind))).toEqual(all)
    expect(await told((kind) => (kind === 'work' ? Promise.resolve(counted(kind)) : counted(kind)))).toEqual(all)
    expect([await told(() => undefined), await told(async () => undefined)]).toEqual([[], []])
  })

  it('may be one that the driver does not listen to', async () => {
    const { api, call, done } = recording()
    for (const admit of [counted, async (kind: string) => counted(kind)]) await call(limited(api, { admit }), 'getMe', who)
    expect(done).toEqual(['getMe', 'getMe'])
  })

  it('is none of a back end’s, which acts as nobody', async () => {
    expect(await told((kind) => counted(kind), { via: 'key', userId: SYSTEM_ID })).toEqual([])
    expect(await told((kind) => counted(kind), { via: 'session', userId: SYSTEM_ID })).toEqual(all)
    expect(await told((kind) => counted(kind), { via: 'key' })).toEqual(all)
  })

  it('is used up by as much as its row says', async () => {
    const points: unknown[] = []
    await told((...given) => void points.push(given))
    expect(points).toEqual([
      ['create', 'user', undefined],
      ['work', 'user', 5],
      ['work-network', 'address', 5],
    ])
  })
})

describe('the fair API', () => {
  it('runs one search of a person at a time, and lets others search meanwhile', async () => {
    const begun: string[] = []
    const ends: (() => void)[] = []
    const searching = (who: { readonly userId: string }) => {
      begun.push(who.userId)
      return new Promise<void>((resolve) => ends.push(resolve))
    }
    const api = Object.fromEntries(names.map((name) => [name, searching])) as unknown as ChatApi
    const { searchMessages } = fair(api) as unknown as { searchMessages(who: object): Promise<void> }
    const search = (userId: string) => searchMessages({ userId, sessionId: 'session' })
    const running = [...Array.from({ length: 16 }, () => search('greedy')), search('modest'), search('other')]
    await Promise.resolve()
    expect(begun).toEqual(['greedy', 'modest', 'other'])
    for (let i = 0; i < running.length; i++) {
      ends[i]!()
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    await Promise.all(running)
    expect(begun).toHaveLength(18)
  })
})

describe('the guarded API', () => {
  it.each(names)('lets only those make %s who may', async (name) => {
    const by = {
      nobody: undefined,
      address: { address: 'address' },
      person: { userId: 'user', sessionId: 'session' },
      half: { userId: 'user' },
    }
    const allowed = { anyone: ['nobody', 'address', 'person', 'half'], anonymous: ['address'], person: ['person'] }[calls[name].who]
    for (const [kind, caller] of Object.entries(by)) {
      const { done, api, call } = recording()
      const outcome = await call(guarded(api), name, caller).then(
        () => 'done',
        (error: Refusal) => error.code,
      )
      const isAllowed = allowed.includes(kind)
      expect([kind, outcome, done]).toEqual([kind, isAllowed ? 'done' : 'unauthenticated', isAllowed ? [name] : []])
    }
  })
})

describe('the table of calls', () => {
  it('agrees with the endpoints on who is not authenticated', () => {
    const shared = names.filter((name) => name in endpoints)
    expect(shared.length).toBeGreaterThan(25)
    const open = (name: CallName) => 'open' in endpoints[name as keyof typeof endpoints]
    expect(shared.filter(open)).toEqual(shared.filter((name) => calls[name].who === 'anonymous'))
  })

  it('has no room for a row that counts what its call does not bring', () => {
    // @ts-expect-error -- a person's call has no address to count by
    const byAddress: Call<'person'> = { who: 'person', cost: 'refresh' }
    // @ts-expect-error -- `getMe` takes a person
    const anonymous: Call<'person'> = { who: 'anonymous', cost: 'login' }
    expect([byAddress, anonymous]).toHaveLength(2)
  })
})

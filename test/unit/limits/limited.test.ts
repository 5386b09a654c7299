import { describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { guarded } from '../../../src/application/access.ts'
import { type Call, type CallName, calls } from '../../../src/application/calls.ts'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { limited } from '../../../src/application/limits.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

type Counted = readonly (readonly [kind: string, key: string])[]
/** Every call that uses up a limit. */
const counted: { readonly [C in CallName]?: Counted } = {
  register: [['register', 'address']],
  createGuest: [['register', 'address']],
  login: [
    ['login-address', 'address'],
    ['login', 'anna'],
  ],
  refresh: [['refresh', 'address']],
  changePassword: [['login', 'user']],
  deleteMe: [['login', 'user']],
  sendMessage: [['send', 'user']],
  sendMessageToUser: [['send', 'user']],
  editMessage: [['send', 'user']],
  deleteMessage: [['send', 'user']],
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
    const admit = async (kind: string, key: string) => void done.push([kind, key])
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

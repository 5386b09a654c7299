import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { openCalls, signedCalls } from '../../../src/client/calls/http.ts'
import { people } from '../../../src/client/calls/people.ts'
import { localProblem, problemError } from '../../../src/client/calls/problem.ts'
import { readSession } from '../../../src/client/calls/read-wire.ts'
import { tokensOfAuth } from '../../../src/client/calls/tokens.ts'
import { verifyEmail } from '../../../src/client/order/accounts.ts'
import { listBlocks } from '../../../src/client/order/consent.ts'
import { wireEntry } from '../../../src/client/outbox/content.ts'
import { handleOf } from '../../../src/client/outbox/handle.ts'
import { abortable } from '../../../src/client/platform/abort.ts'
import { checkOptions, checkUrl, isSession } from '../../../src/client/platform/check.ts'
import { cell, derived } from '../../../src/client/platform/store.ts'
import { pausableTimers } from '../../../src/client/platform/timers.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { SendState } from '../../../src/client/types.ts'
import { calls, settled } from './views.ts'

const session = { user: { id: 'u' }, sessionId: 's', accessToken: 'a', refreshToken: 'r', accessExpiresAt: 1, refreshExpiresAt: 2 }
const options = (given: object) => () => checkOptions({ url: '', auth: session, ...given } as never)
const refused = (code: string, status = 401) => problemError({ type: 'about:blank', title: code, status, code, request_id: '' })

describe('what a client says of itself', () => {
  it('is a problem without a type and a request, with words that say what happened', async () => {
    expect(localProblem('closed', 'Closed')).toEqual({ type: 'about:blank', title: 'Closed', status: 0, code: 'closed', request_id: '' })
    const { later, advance } = virtualClock()
    const lost = openCalls({ url: '', later, fetch: () => Promise.reject(new TypeError('no')) })
    await expect(lost('getMe')).rejects.toMatchObject({ code: 'network', message: 'The service cannot be reached' })
    const wait = (_: string, { signal }: RequestInit) =>
      new Promise((__, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)))
    const late = openCalls({ url: '', later, fetch: wait as never })('getMe').catch((error: unknown) => error)
    await advance(30_000)
    expect(await late).toMatchObject({ code: 'timeout', message: 'No answer in time' })
  })

  it('listens for the end of the client only while a call is under way', async () => {
    const closed = new AbortController()
    const { later } = virtualClock()
    const call = openCalls({ url: '', later, fetch: async () => new Response('{}'), closed: closed.signal })
    await call('getMe')
    expect(getEventListeners(closed.signal, 'abort')).toEqual([])
  })
})

describe('a token', () => {
  it('is asked for anew where it has expired or nobody is known by it, and not where it is not allowed', async () => {
    const { later } = virtualClock()
    const asked: unknown[] = []
    const calling = (code: string) => {
      const fetch = async () => Response.json(refused(code).problem, { status: 401 })
      return signedCalls({ url: '', later, fetch }, async (spent) => (asked.push(spent?.token), 'token'))('getMe')
    }
    await expect(calling('unauthenticated')).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(calling('bad-credentials')).rejects.toMatchObject({ code: 'bad-credentials' })
    expect(asked).toEqual([undefined, 'token', undefined])
  })

  it('of a session is renewed unless it has been already', async () => {
    const asked: unknown[] = []
    const of = (accessToken: string | undefined) =>
      tokensOfAuth({
        session: { get: () => accessToken && { accessToken } },
        getToken: async ({ forceRefresh }: { readonly forceRefresh: boolean }) => (asked.push(forceRefresh), 'next'),
      } as never)
    for (const known of ['spent', 'newer', undefined]) await of(known)({ token: 'spent', reason: 'refused' })
    expect(asked).toEqual([true, false, true])
  })

  it('lasts as long as the service says', () => {
    const user = { id: 'u', created_at: '2030-01-01T00:00:00.000Z' }
    expect(readSession({ user, expires_in: 2, refresh_expires_in: 3 } as never, 1_000)).toMatchObject({
      accessExpiresAt: 3_000,
      refreshExpiresAt: 4_000,
    })
  })
})

describe('a list', () => {
  it('is asked for by what is given', async () => {
    const { call, asked } = calls()
    const crowd = people(call, {} as never)
    void crowd.find('')
    void crowd.find('bo')
    void listBlocks({ call } as never)
    void listBlocks({ call } as never, 'next')
    await settled()
    expect(asked.map(({ given }) => given['query'])).toStrictEqual([{ query: undefined }, { query: 'bo' }, {}, { cursor: 'next' }])
  })
})

describe('an email', () => {
  it('that is verified is asked for again, by whoever may stop it', async () => {
    const { call, last } = calls()
    const updates: unknown[] = []
    const { signal } = new AbortController()
    const update = async (...given: readonly unknown[]) => void updates.push(given)
    const verified = verifyEmail({ call, account: { update } } as never, '1', { signal })
    await last().answer()
    await verified
    expect(updates).toEqual([[{}, { signal }]])
  })
})

describe('what a client is given', () => {
  it('is a whole session, or no session', () => {
    expect(isSession(session)).toBe(true)
    for (const wrong of [null, { ...session, user: null }, { ...session, refreshToken: 1 }, { ...session, accessExpiresAt: '1' }])
      expect(isSession(wrong)).toBe(false)
    expect(options({ auth: { getToken: () => '' } })).not.toThrow()
    expect(options({ auth: { getToken: () => '', accessToken: 'a' } })).toThrow('`auth` must be')
  })

  it('has an address that begins with its scheme, a device of up to 128 characters, and limits above 0', () => {
    expect(() => checkUrl('http://a')).not.toThrow()
    expect(() => checkUrl('see http://a')).toThrow('`url` must be')
    expect(options({ deviceId: `\n${'d'.repeat(127)}`, outbox: { count: undefined, bytes: 1 } })).not.toThrow()
    for (const deviceId of ['', 'd'.repeat(129)]) expect(options({ deviceId })).toThrow('`deviceId` must have')
    expect(options({ outbox: { count: 0 } })).toThrow('the limits of `outbox`')
  })
})

describe('a message to send', () => {
  it('has on the wire what it has, and nothing else', () => {
    const content = { attachments: [{ upload: 'up', fileId: undefined }] }
    expect(wireEntry({ key: 'k', text: 'a', content } as never)).toStrictEqual({
      client_message_id: 'k',
      text: 'a',
      attachments: [{ file_id: 'up' }],
    })
  })
})

describe('waiting', () => {
  it('for the end of a message is over with it', async () => {
    const [caller, closed] = [new AbortController().signal, new AbortController().signal]
    const state = cell<SendState>({ status: 'queued' })
    const handle = handleOf({ key: 'k', chatId: 'c' } as never, state, { retry: () => {}, cancel: () => true, closed })
    const end = handle.settled({ signal: caller })
    expect([caller, closed].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([1, 1])
    state.set({ status: 'cancelled' })
    expect(await end).toEqual({ status: 'cancelled' })
    expect([caller, closed].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0])
  })

  it('leaves nothing behind, however it ends', async () => {
    const { signal, ...stop } = listened()
    await abortable(Promise.resolve(), signal)
    await settled()
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const waiting = abortable(new Promise(() => {}), signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('begins once, however often it is said to go on', () => {
    const begun: number[] = []
    const timers = pausableTimers((ms) => (begun.push(ms), () => {}))
    timers.later(5, () => {})
    expect(begun).toEqual([])
    timers.resume()
    timers.resume()
    expect(begun).toEqual([5])
    timers.pause()
    timers.resume()
    expect(begun).toEqual([5, 5])
  })

  it('for a change is told of those that came since', async () => {
    const store = derived(() => ({}))
    let told = 0
    store.changed()
    store.subscribe(() => void told++)
    await settled()
    expect(told).toBe(0)
    store.changed()
    store.changed()
    await settled()
    expect(told).toBe(1)
  })
})

function listened() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: Error) => controller.abort(reason) }
}

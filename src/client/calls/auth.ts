import type { Session as WireSession } from '../../adapters/wire/schemas/identity.ts'
import type { Service as WireService } from '../../adapters/wire/schemas/service.ts'
import { checkUrl, isSession } from '../platform/check.ts'
import { type Platform, platformOf } from '../platform/platform.ts'
import { cell } from '../platform/store.ts'
import type { Auth, AuthOptions, CallOptions, Session, SessionStore, TokenOptions } from '../types.ts'
import { type Call } from './call.ts'
import { openCalls } from './http.ts'
import { isProblem, localError } from './problem.ts'
import { readSession } from './read-wire.ts'

/** A token that expires so soon is renewed before it is used. */
const MARGIN = 30_000

export const memorySessionStore = (session?: Session): SessionStore => {
  let kept = session
  return { read: () => kept, write: (next) => void (kept = next) }
}

/** Keeps the session in a storage of the browser: in `sessionStorage` for one tab, in `localStorage` for all tabs. */
export const webSessionStore = (
  storage: {
    getItem(name: string): string | null
    setItem(name: string, value: string): void
    removeItem(name: string): void
  },
  name = 'windi-chat.session',
): SessionStore => ({
  read() {
    try {
      return (JSON.parse(storage.getItem(name) ?? 'null') as Session | null) ?? undefined
    } catch {
      return undefined
    }
  },
  write: (session) => (session ? storage.setItem(name, JSON.stringify(session)) : storage.removeItem(name)),
})

/** Signs in, and keeps the session. Throws a `TypeError` for an address that cannot be right. */
export function createAuth(options: AuthOptions): Auth {
  checkUrl(options.url)
  const { url, store = memorySessionStore() } = options
  const platform = platformOf(options)
  const needs = { ...platform, url }
  const call = openCalls(needs)
  const { session, restored, keep, signIn, getToken } = keptSession({ store, call, platform })

  const entering =
    (name: 'register' | 'login' | 'createGuest') =>
    ({ deviceName, secondFactor, ...person }: Entering = {}, { signal }: CallOptions = {}) =>
      signIn(call(name, { body: { ...person, device_name: deviceName, second_factor: secondFactor }, signal }))

  return {
    session,
    restored,
    getToken,
    call,
    signIn,
    service: (options) => call<WireService>('getService', options),
    register: entering('register'),
    login: entering('login'),
    guest: entering('createGuest'),
    async logout({ signal } = {}) {
      await restored
      const current = session.get()
      if (!current) return
      await keep(undefined)
      const left = openCalls(needs, current.accessToken)('logout', { signal })
      await left.catch((error: unknown) => {
        if (!isProblem(error)) throw error
      })
    },
  }
}

/** Who comes in, however. */
interface Entering {
  readonly name?: string | undefined
  readonly deviceName?: string | undefined
  readonly secondFactor?: string | undefined
}

interface Needs {
  readonly store: SessionStore
  readonly call: Call
  readonly platform: Pick<Platform, 'now' | 'lock'>
}

/** The session, in its store and in memory; renewed when it is about to expire. */
function keptSession({ store, call, platform: { now, lock } }: Needs) {
  const session = cell<Session | undefined>(undefined)
  let renewal: Promise<string> | undefined
  /** The id of the session that is to be kept: a store may take its time. */
  let holder: string | undefined
  const isGood = ({ accessExpiresAt }: Session) => accessExpiresAt - now() > MARGIN

  const restored = (async () => {
    const kept = await store.read()
    if (isSession(kept) && !session.get()) {
      holder ??= kept.sessionId
      session.set(kept)
    }
    return session.get()
  })()

  async function keep(next: Session | undefined): Promise<void> {
    await restored
    if (holder !== next?.sessionId) renewal = undefined
    holder = next?.sessionId
    await store.write(next)
    session.set(next)
  }

  async function signIn(answer: Promise<WireSession>): Promise<Session> {
    const next = readSession(await answer, now())
    await keep(next)
    return next
  }

  const renew = (before: Session) =>
    lock(`windi-chat:session:${before.sessionId}`, async () => {
      const read = await store.read()
      const kept = read?.sessionId === before.sessionId ? read : before
      // Another tab that shares the store may have renewed it meanwhile.
      if (kept.accessToken !== before.accessToken && isGood(kept)) {
        session.set(kept)
        return kept.accessToken
      }
      try {
        const next = readSession(await call<WireSession>('refresh', { body: { refresh_token: kept.refreshToken } }), now())
        // Whoever signed out meanwhile, or in as somebody else, stays so.
        if (holder !== before.sessionId) throw signedOut()
        // Another tab that shares the store may have signed in as somebody else.
        if (read && read !== kept) session.set(next)
        else await keep(next)
        return next.accessToken
      } catch (error) {
        if (!isProblem(error) || error.status !== 401) throw error
        if (holder === before.sessionId) await keep(undefined)
        throw signedOut()
      }
    })

  async function getToken({ forceRefresh = false, signal }: TokenOptions = {}): Promise<string> {
    if (!session.get()) await restored
    const current = session.get()
    signal?.throwIfAborted()
    if (!current) throw signedOut()
    if (!forceRefresh && isGood(current)) return current.accessToken
    renewal ??= renew(current).finally(() => void (renewal = undefined))
    return await renewal
  }

  return { session, restored, keep, signIn, getToken }
}

const signedOut = () => localError('signed-out', 'Nobody is signed in')

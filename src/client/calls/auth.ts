import type { Session as WireSession } from '../../adapters/wire/schemas/identity.ts'
import type { Service as WireService } from '../../adapters/wire/schemas/service.ts'
import { defaultPlatform, type Platform } from '../platform/platform.ts'
import { cell } from '../platform/store.ts'
import type { Auth, AuthOptions, Session, SessionStore, TokenOptions } from '../types.ts'
import { openCalls } from './http.ts'
import { isProblem, localError } from './problem.ts'
import { readSession } from './read-wire.ts'

/** A token that ends so soon is renewed before it is used. */
const MARGIN = 30_000

export const memorySessionStore = (session?: Session): SessionStore => {
  let kept = session
  return { read: () => kept, write: (next) => void (kept = next) }
}

/**
 * Keeps the session where the browser keeps it: `sessionStorage`, so that each tab is somebody of its own, or `localStorage`, so that
 * all are one.
 */
export const webSessionStore = (
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  name = 'windi-chat.session',
): SessionStore => ({
  read() {
    try {
      const text = storage.getItem(name)
      return text === null ? undefined : (JSON.parse(text) as Session)
    } catch {
      return undefined
    }
  },
  write: (session) => (session ? storage.setItem(name, JSON.stringify(session)) : storage.removeItem(name)),
})

/** Signing in and staying so. */
export function createAuth({ url, store = memorySessionStore(), fetch, platform }: AuthOptions): Auth {
  const surroundings: Platform = { ...defaultPlatform(), ...platform, ...(fetch && { fetch }) }
  const { now, lock } = surroundings
  const call = openCalls({ url, fetch: surroundings.fetch, later: surroundings.later })
  const session = cell<Session | undefined>(undefined)
  let renewal: Promise<string> | undefined

  const restored = (async () => {
    const kept = await store.read()
    if (kept && !session.get()) session.set(kept)
    return session.get()
  })()

  async function keep(next: Session | undefined): Promise<void> {
    await restored
    await store.write(next)
    session.set(next)
  }

  async function signIn(answer: Promise<WireSession>): Promise<Session> {
    const next = readSession(await answer, now())
    await keep(next)
    return next
  }

  /** Another tab that shares the store may have renewed it meanwhile. */
  const renew = (before: Session) =>
    lock(`windi-chat:session:${before.sessionId}`, async () => {
      const kept = await store.read()
      if (kept?.sessionId === before.sessionId && kept.accessToken !== before.accessToken && isGood(kept)) {
        session.set(kept)
        return kept.accessToken
      }
      const spent = kept?.sessionId === before.sessionId ? kept.refreshToken : before.refreshToken
      try {
        const next = await signIn(call('refresh', { body: { refresh_token: spent } }))
        return next.accessToken
      } catch (error) {
        if (!isProblem(error) || error.status !== 401) throw error
        if (session.get()?.sessionId === before.sessionId) await keep(undefined)
        throw signedOut()
      }
    })

  const isGood = ({ accessExpiresAt }: Session) => accessExpiresAt - now() > MARGIN

  return {
    session,
    restored,
    service: ({ signal } = {}) => call<WireService>('getService', { signal }),
    register: ({ deviceName, ...person }, { signal } = {}) =>
      signIn(call('register', { body: { ...person, device_name: deviceName }, signal })),
    login: ({ deviceName, ...credentials }, { signal } = {}) =>
      signIn(call('login', { body: { ...credentials, device_name: deviceName }, signal })),
    guest: (person = {}, { signal } = {}) => signIn(call('createGuest', { body: person, signal })),
    async logout({ signal } = {}) {
      const current = session.get() ?? (await restored)
      if (!current) return
      await keep(undefined)
      const { accessToken } = current
      await openCalls({ url, fetch: surroundings.fetch, later: surroundings.later }, () => Promise.resolve(accessToken))('logout', {
        signal,
      }).catch((error: unknown) => {
        if (!isProblem(error)) throw error
      })
    },
    async getToken({ isFresh = false, signal }: TokenOptions = {}) {
      const current = session.get() ?? (await restored)
      signal?.throwIfAborted()
      if (!current) throw signedOut()
      if (!isFresh && isGood(current)) return current.accessToken
      renewal ??= renew(current).finally(() => void (renewal = undefined))
      return await renewal
    },
  }
}

const signedOut = () => localError('signed-out', 'Nobody is signed in')

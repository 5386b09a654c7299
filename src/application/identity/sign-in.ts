import { type Session, type User } from '../../domain/identity.ts'
import type { Duration, Instant, SessionId, UserId } from '../../domain/ids.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import {
  checkedEmail,
  checkedName,
  checkedUsername,
  length,
  PASSWORD_MAX,
  PASSWORD_MIN,
  USERNAME_MAX,
  usernameFrom,
} from '../../domain/words.ts'
import type { ChatApi, SignedIn } from '../chat-api.ts'
import type { NewUser } from '../ports/people.ts'
import type { Ports } from '../ports/ports.ts'
import type { LiveSessions } from './live-sessions.ts'

export interface Policy {
  readonly accessTtl: Duration
  readonly refreshTtl: Duration
  readonly directory: 'open' | 'exact'
  readonly guests: boolean
}

type Needs = Pick<Ports, 'people' | 'sessions' | 'passwords' | 'tokens' | 'clock' | 'newId' | 'random' | 'isCommonPassword'> & {
  readonly policy: Policy
}

/** For how long a spent refresh token still gives its successor, so that a lost answer does not sign anybody out. */
const GRACE: Duration = 10_000
const ROTATIONS_KEPT = 16

export function checkedPassword({ isCommonPassword }: Pick<Ports, 'isCommonPassword'>, password: string, pointer = '/password'): string {
  const points = length(password)
  if (points < PASSWORD_MIN || points > PASSWORD_MAX) throw invalid(pointer, `has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`)
  if (isCommonPassword(password)) throw invalid(pointer, 'is among the commonest passwords')
  return password
}

export const register =
  (needs: Needs): ChatApi['register'] =>
  async (_anonymous, { name, email, password, username, deviceName }) => {
    const wanted = {
      name: checkedName(name),
      email: checkedEmail(email),
      username: username === undefined ? undefined : checkedUsername(username),
      passwordHash: await needs.passwords.hash(checkedPassword(needs, password)),
    }
    return beginSession(needs, await addUser(needs, wanted), deviceName)
  }

export const createGuest =
  (needs: Needs): ChatApi['createGuest'] =>
  async (_anonymous, { name }) => {
    if (!needs.policy.guests) throw new Refusal('not-found')
    const wanted = {
      name: name === undefined ? `Guest ${digits(needs, 4)}` : checkedName(name),
      email: undefined,
      username: undefined,
      passwordHash: undefined,
    }
    return beginSession(needs, await addUser(needs, wanted), undefined)
  }

type Wanted = Pick<NewUser, 'name' | 'email' | 'passwordHash'> & { readonly username: string | undefined }

/** So many usernames are tried before their digits become more: names without latin letters all begin alike, and there are many. */
const TRIES = 20

/** Adds somebody; a username that nobody chose is tried with digits until it is free. */
async function addUser(needs: Needs, wanted: Wanted): Promise<User> {
  const { people, clock, newId } = needs
  const base = usernameFrom(wanted.name)
  for (let tries = 0; ; tries++) {
    const username = wanted.username ?? (tries === 0 ? base : numbered(base, digits(needs, 4 + 2 * Math.floor(tries / TRIES))))
    const user = { ...wanted, username, id: newId() as UserId, createdAt: clock() }
    const outcome = await people.add(user)
    if (outcome === 'added') return { ...user, lastSeenAt: undefined }
    if (outcome === 'email-taken' || wanted.username !== undefined) throw new Refusal(outcome)
  }
}

const numbered = (base: string, number: string): string => `${base.slice(0, USERNAME_MAX - 1 - number.length)}-${number}`

const digits = ({ random }: Pick<Ports, 'random'>, count: number): string => String(Math.floor(random() * 10 ** count)).padStart(count, '0')

export const login =
  (needs: Needs): ChatApi['login'] =>
  async (_anonymous, { login: name, password, deviceName }) => {
    const found = await needs.people.credentials(name.trim().toLowerCase())
    const isRight = await needs.passwords.verify(found?.passwordHash, password)
    if (!found || !isRight) throw new Refusal('bad-credentials')
    return beginSession(needs, found.user, deviceName)
  }

async function beginSession(needs: Needs, user: User, deviceName: string | undefined): Promise<SignedIn> {
  const { sessions, clock, newId, policy } = needs
  const now = clock()
  const session: Session = {
    id: newId() as SessionId,
    userId: user.id,
    deviceName,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + policy.refreshTtl,
    endedAt: undefined,
    generation: 0,
    spentAt: [],
  }
  await sessions.add(session)
  return signedIn(needs, { user, session, generation: 0, now })
}

type Beginning = { readonly user: User; readonly session: Session; readonly generation: number; readonly now: Instant }

async function signedIn({ tokens, policy }: Needs, { user, session, generation, now }: Beginning): Promise<SignedIn> {
  const claims = { userId: user.id, sessionId: session.id, expiresAt: now + policy.accessTtl }
  return {
    user,
    sessionId: session.id,
    accessToken: await tokens.access(claims),
    expiresIn: policy.accessTtl,
    refreshToken: tokens.refresh(session.id, generation),
    refreshExpiresIn: session.expiresAt - now,
  }
}

/**
 * Goes on with a session. Its refresh token is spent and the successor answered; a token spent not long ago gives the same successor
 * again, one spent earlier was stolen or copied, and ends the session.
 */
export const refresh =
  (needs: Needs, ended: (userId: UserId, ids: readonly SessionId[]) => Promise<void>): ChatApi['refresh'] =>
  async (anonymous, { refreshToken }) => {
    const { people, sessions, tokens, clock, policy } = needs
    const named = tokens.verifyRefresh(refreshToken)
    const session = named && (await sessions.get(named.sessionId))
    if (!session) throw new Refusal('unauthenticated')
    if (session.endedAt !== undefined) throw new Refusal('session-ended')
    const now = clock()
    if (now >= session.expiresAt) throw new Refusal('token-expired')
    const user = await people.get(session.userId)
    if (!user) throw new Refusal('session-ended')
    const { generation } = named
    if (generation === session.generation) {
      const spentAt = [...session.spentAt.filter((at) => now - at <= GRACE), now].slice(-ROTATIONS_KEPT)
      const next = { ...session, generation: generation + 1, spentAt, lastUsedAt: now, expiresAt: now + policy.refreshTtl }
      const isMine = await sessions.rotate(generation, next)
      return isMine
        ? signedIn(needs, { user, session: next, generation: next.generation, now })
        : refresh(needs, ended)(anonymous, { refreshToken })
    }
    const spent = session.spentAt.at(generation - session.generation)
    if (generation < session.generation && spent !== undefined && now - spent <= GRACE)
      return signedIn(needs, { user, session, generation: generation + 1, now })
    await ended(session.userId, [session.id])
    throw new Refusal('session-ended')
  }

export const authenticate =
  ({ tokens }: Pick<Ports, 'tokens'>, live: LiveSessions): ChatApi['authenticate'] =>
  async (token) => {
    const claims = await tokens.verifyAccess(token)
    if (!(await live.isLive(claims.sessionId))) throw new Refusal('session-ended')
    return claims
  }

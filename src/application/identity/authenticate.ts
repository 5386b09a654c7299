import type { Deed } from '../../domain/deed.ts'
import { type Duration, type Instant, type KeyId, type SessionId, SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { isKeyText, type Key, readKey } from '../../domain/keys.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import type { Caller, ChatApi } from '../chat-api.ts'
import { type Kept, keeping } from '../kept.ts'
import type { Ports } from '../ports/ports.ts'
import { requireScope } from '../scopes.ts'
import type { ExternalUsers } from './external.ts'
import type { LiveSessions } from './live-sessions.ts'

export type AuthenticationNeeds = Pick<Ports, 'tokens' | 'issuers' | 'keys' | 'people' | 'clock' | 'digest' | 'uuidOf' | 'audit'> & {
  readonly live: LiveSessions
  readonly externals: ExternalUsers
}
type Known = Caller & { readonly expiresAt: Instant }

/** How long a key is believed before the store is asked again. */
const REMEMBERED: Duration = 4_000
const DAY: Duration = 86_400_000
/** The end of what RFC 3339 can say. */
const NEVER: Instant = Date.UTC(9999, 11, 31)

export function authenticate(needs: AuthenticationNeeds): ChatApi['authenticate'] {
  const remembered = keeping<Key>(needs.clock, REMEMBERED)
  const acted = actingNoted(needs)
  return async (token, actAs) => {
    if (isKeyText(token)) {
      const caller = await byKey(needs, remembered, { token, actAs })
      if (actAs !== undefined) await acted(caller.keyId, caller.userId)
      return caller
    }
    if (actAs !== undefined) throw new Refusal('not-allowed', { requires: ['scope:act'] })
    return (await byIssuer(needs, token)) ?? (await bySession(needs, token))
  }
}

async function bySession({ tokens, live }: AuthenticationNeeds, token: string): Promise<Known> {
  const claims = await tokens.verifyAccess(token)
  await live.require(claims)
  return claims
}

async function byIssuer(needs: AuthenticationNeeds, token: string): Promise<Known | undefined> {
  const { issuers, externals, live, digest, uuidOf } = needs
  const vouched = await issuers.verify(token)
  if (!vouched) return undefined
  const { externalId, profile, issuedAt, expiresAt, sid } = vouched
  const sessionId = uuidOf(sid === undefined ? `token ${digest(token)}` : `sid ${externalId} ${sid}`) as SessionId
  for (let attempt = 1; ; attempt++) {
    const caller = { userId: await externals.userOf(externalId, profile), sessionId, via: 'issuer' as const, issuedAt, expiresAt }
    try {
      await live.require(caller)
      return caller
    } catch (thrown) {
      // The user may have been deleted since they were looked up: then the same name is a new user.
      if (attempt === 2 || !isRefusal(thrown, 'session-ended')) throw thrown
      externals.forget(externalId)
    }
  }
}

interface KeyGiven {
  readonly token: string
  readonly actAs: string | undefined
}

async function byKey(
  needs: AuthenticationNeeds,
  remembered: Kept<Key>,
  { token, actAs }: KeyGiven,
): Promise<Known & { readonly keyId: KeyId }> {
  const { keys, clock, digest, live, uuidOf } = needs
  const named = readKey(token)
  const known = named && remembered.get(named.id)
  const key = named && (known ?? (await keys.get(named.id)))
  if (!key || key.hash !== digest(named.secret)) throw new Refusal('unauthenticated')
  const { id: keyId, scopes, botId, expiresAt = NEVER } = key
  if (expiresAt <= clock()) throw new Refusal('token-expired')
  if (!known) remembered.set(keyId, key)
  if (actAs !== undefined) requireScope({ scopes }, 'act')
  const userId = actAs === undefined ? (botId ?? SYSTEM_ID) : await target(needs, actAs)
  const caller = { userId, sessionId: uuidOf(`key ${keyId} ${userId}`) as SessionId, via: 'key' as const, keyId, scopes, expiresAt }
  await live.require(caller)
  return caller
}

/** Notes in the audit whom a key acts as: one row per key, user and day, however many processes write it. */
function actingNoted({ audit, clock, uuidOf }: AuthenticationNeeds): (keyId: KeyId, userId: UserId) => Promise<void> {
  const noted = keeping<true>(clock, DAY)
  return async (keyId, userId) => {
    const at = clock()
    const id = uuidOf(`acted ${keyId} ${userId} ${Math.floor(at / DAY)}`)
    if (noted.get(id)) return
    const deed: Deed = { id, at, name: 'user.acted-as', actorId: SYSTEM_ID, keyId, userId }
    await audit.add(deed)
    noted.set(id, true)
  }
}

/** The user whom a back end acts as: `<user_id>`, or `ext:` and the percent-encoded external id. */
async function target({ people }: AuthenticationNeeds, actAs: string): Promise<UserId> {
  const [, encoded] = /^ext:(.*)$/s.exec(actAs) ?? []
  const external = encoded === undefined ? undefined : decoded(encoded)
  const user = external === undefined ? await people.get(actAs.toLowerCase() as UserId) : (await people.external([external])).get(external)
  if (!user || user.kind === 'system') throw new Refusal('user-not-found', { userIds: [actAs as UserId] })
  return user.id
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

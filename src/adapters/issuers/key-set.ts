import { importJWK, type JWK } from 'jose'
import type { Duration, Instant } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fetchJson } from './fetch-json.ts'
import type { Issuer } from './issuer.ts'

/** How long a set of keys is used before it is fetched again, and how much longer while it cannot be. */
const FRESH: Duration = 10 * 60_000
const STALE: Duration = 24 * 3_600_000
/** An unknown key, or a failure, does not make us ask again sooner. */
const COOLDOWN: Duration = 30_000
const KEYS = 50
const LIMITS = { timeoutMs: 5_000, bytes: 262_144 }

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

/** The public keys of one issuer. */
export interface KeySet {
  /** Returns the key of a token's header. Refuses with `unauthenticated`, or with `overloaded` if it could not be looked up. */
  find(header: { readonly kid?: string | undefined; readonly alg: string }): Promise<ImportedKey>
}

export function keySet(issuer: Issuer, clock: () => Instant, load = fetchJson): KeySet {
  let keys: readonly JWK[] = []
  let fetchedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let isFailing = false
  let asking: Promise<void> | undefined
  const imported = new WeakMap<JWK, Promise<ImportedKey>>()

  /** One at a time, and one in a while whatever is looked for; who comes meanwhile waits for the same. */
  async function refresh(): Promise<void> {
    if (!asking) {
      if (clock() - askedAt < COOLDOWN) return
      askedAt = clock()
      asking = fetchKeys(issuer, load)
        .then(
          (found) => {
            keys = found
            fetchedAt = clock()
            isFailing = false
          },
          () => {
            isFailing = true
          },
        )
        .finally(() => {
          asking = undefined
        })
    }
    await asking
  }

  const match = ({ kid, alg }: Parameters<KeySet['find']>[0]) => {
    const fit = keys.filter((key) => (key.alg === undefined || key.alg === alg) && (key.use ?? 'sig') === 'sig' && TYPES[alg] === key.kty)
    return kid === undefined ? (fit.length === 1 ? fit[0] : undefined) : fit.find((key) => key.kid === kid)
  }

  return {
    async find(header) {
      if (clock() - fetchedAt >= FRESH) await refresh()
      const isUsable = () => clock() - fetchedAt < FRESH + STALE
      let key = isUsable() ? match(header) : undefined
      if (!key) {
        await refresh()
        key = isUsable() ? match(header) : undefined
      }
      if (!key) throw new Refusal(isFailing || !isUsable() ? 'overloaded' : 'unauthenticated')
      let ready = imported.get(key)
      if (!ready) imported.set(key, (ready = importJWK(key, header.alg)))
      return ready.catch(() => {
        throw new Refusal('unauthenticated')
      })
    },
  }
}

const TYPES: Readonly<Record<string, string>> = { RS256: 'RSA', ES256: 'EC', EdDSA: 'OKP' }

async function fetchKeys({ issuer, jwksUrl }: Issuer, load: typeof fetchJson): Promise<readonly JWK[]> {
  const url = jwksUrl ?? (await discovered(issuer, load))
  const { keys } = (await load(url, LIMITS)) as { readonly keys?: unknown }
  if (!Array.isArray(keys) || keys.length > KEYS) throw new Error('no set of keys')
  return keys.filter((key): key is JWK => typeof key === 'object' && key !== null && typeof (key as JWK).kty === 'string')
}

/** OpenID Connect Discovery 1.0, 4: the document has to name the issuer that was asked. */
async function discovered(issuer: string, load: typeof fetchJson): Promise<string> {
  const found = (await load(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, LIMITS)) as Record<string, unknown>
  const { issuer: named, jwks_uri: url } = found
  if (named !== issuer || typeof url !== 'string' || !URL.canParse(url)) throw new Error('no OpenID configuration')
  const { protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== new URL(issuer).protocol) throw new Error('keys over http')
  return url
}

import type { Instant, KeyId, UserId } from './ids.ts'
import { invalid } from './refusal.ts'
import type { KeyScope } from './scopes.ts'
import { requireSound } from './words.ts'

/** A key of a back end or of a bot. Of its secret only the digest is stored. */
export interface Key {
  readonly id: KeyId
  readonly hash: string
  readonly name: string
  /** Empty for the key of a bot. */
  readonly scopes: readonly KeyScope[]
  readonly botId: UserId | undefined
  readonly createdAt: Instant
  readonly expiresAt: Instant | undefined
  readonly revokedAt: Instant | undefined
}

const PREFIX = 'wck_'

/** The text that a back end sends as a bearer token. */
export const keyText = (id: KeyId, secret: string): string => `${PREFIX}${id}_${secret}`

/** Whether a bearer token is meant to be a key. */
export const isKeyText = (token: string): boolean => token.startsWith(PREFIX)

export function readKey(token: string): { readonly id: KeyId; readonly secret: string } | undefined {
  const [, id, secret] = /^wck_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/.exec(token) ?? []
  return id === undefined || secret === undefined ? undefined : { id: id as KeyId, secret }
}

export const EXTERNAL_ID_LIMIT = 255

/** Checks the id that another system gives a user or a chat: 1–255 code points without NUL and lone surrogates, kept to the letter. */
export function checkedExternalId(id: string, pointer = '/external_id'): string {
  requireSound(id, pointer, { from: 1, to: EXTERNAL_ID_LIMIT })
  return id
}

export const AVATAR_LIMIT = 2_048
/** A host, without a user, then anything that can be seen. */
const HTTPS = /^https:\/\/[^\s\p{Cc}/?#@\\]+(?:[/?#][^\s\p{Cc}]*)?$/u

/** Checks the address of a picture: an https URL. */
export function checkedAvatar(url: string, pointer = '/avatar_url'): string {
  const isSound = url.length <= AVATAR_LIMIT && HTTPS.test(url) && url.isWellFormed()
  if (!isSound) throw invalid(pointer, `is an https URL of at most ${AVATAR_LIMIT} characters`)
  return url
}

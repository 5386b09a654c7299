import type { ClientMessageId } from './ids.ts'
import { invalid, Refusal } from './refusal.ts'

export const NAME_LIMIT = 128

export const EMAIL_LIMIT = 254

export const PASSWORD_MIN = 8

export const PASSWORD_MAX = 128

export const USERNAME_MAX = 32

const USERNAME = new RegExp(`^[A-Za-z0-9._-]{3,${USERNAME_MAX}}$`)

const EMAIL = /^[^\s@]+@[^\s@]+$/

/** Includes the characters that change the direction of the text after a name. */
export const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/** Characters without a visible shape, and white space. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{White_Space}]/u

const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{White_Space}]+$/u

export const length = (text: string): number => {
  let points = 0
  for (const _ of text) points++
  return points
}

/** Refuses a text that no store keeps (NUL, lone surrogates) or that has not `from` (0) to `to` code points. */
export function requireSound(text: string, pointer: string, { from = 0, to }: { readonly from?: number; readonly to: number }): void {
  const points = length(text)
  const isSound = points >= from && points <= to && text.isWellFormed() && !text.includes('\0')
  if (!isSound) throw invalid(pointer, `has ${from > 0 ? `${from} to` : 'at most'} ${to} characters, neither NUL nor lone surrogates`)
}

/** Returns the trimmed name of a user or group: 1–128 code points, at least one visible, no control characters. */
export function checkedName(name: string): string {
  const trimmed = name.trim()
  if (!trimmed.isWellFormed() || CONTROL.test(trimmed)) throw invalid('/name', 'holds neither control characters nor lone surrogates')
  const points = length(trimmed)
  if (points < 1 || points > NAME_LIMIT) throw invalid('/name', `has 1 to ${NAME_LIMIT} characters`)
  if (UNSEEN.test(trimmed)) throw invalid('/name', 'has characters that can be seen')
  return trimmed
}

export const DESCRIPTION_LIMIT = 1_024

/** Returns the trimmed description of a group, at most 1,024 code points, or null if it says nothing. */
export function checkedDescription(description: string | null): string | null {
  return described(description ?? '', '/description', DESCRIPTION_LIMIT) ?? null
}

export const REASON_LIMIT = 256

/** Returns the trimmed reason of a ban, at most 256 code points; undefined if it says nothing. */
export const checkedReason = (reason: string): string | undefined => described(reason, '/reason', REASON_LIMIT)

/** Returns a trimmed text of at most `to` code points; undefined if it says nothing. */
export function described(text: string, pointer: string, to: number): string | undefined {
  const trimmed = text.trim()
  requireSound(trimmed, pointer, { to })
  return isBlank(trimmed) ? undefined : trimmed
}

/** Returns what of a name that another system gave can be shown here; undefined if nothing is left. */
export function cleanedName(name: string): string | undefined {
  const shown = name.toWellFormed().replace(new RegExp(CONTROL, 'gu'), ' ').trim()
  const clean = Array.from(shown).slice(0, NAME_LIMIT).join('').trim()
  return clean === '' || UNSEEN.test(clean) ? undefined : clean
}

/** Usernames that users would mistake for the service, its staff or a group of users. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    'admin administrator root system staff support help moderator mod official security abuse noreply no-reply',
    'postmaster webmaster hostmaster windi windichat windi-chat api bot null undefined anonymous deleted guest all here everyone channel',
  ].flatMap((names) => names.split(' ')),
)

export function checkedUsername(username: string): string {
  if (!USERNAME.test(username)) throw invalid('/username', 'has 3 to 32 of a–z, 0–9, dot, underscore and hyphen')
  const lower = username.toLowerCase()
  if (RESERVED.has(lower)) throw invalid('/username', 'is not one of the names that stand for the service and its staff')
  return lower
}

/**
 * Returns an email address in the form in which it is compared: NFC, lower case, its domain in ASCII (IDNA). Refuses invisible characters:
 * two addresses that look alike would be two accounts.
 */
export function checkedEmail(email: string, asciiDomain: (domain: string) => string): string {
  const form = normalEmail(email, asciiDomain)
  if (form === undefined || form.length > EMAIL_LIMIT || INVISIBLE.test(form) || !form.isWellFormed())
    throw invalid('/email', `is an e-mail address of at most ${EMAIL_LIMIT} characters`)
  return form
}

function normalEmail(email: string, asciiDomain: (domain: string) => string): string | undefined {
  const lower = email.trim().normalize('NFC').toLowerCase()
  const at = lower.lastIndexOf('@')
  if (!EMAIL.test(lower) || INVISIBLE.test(lower)) return undefined
  const domain = asciiDomain(lower.slice(at + 1))
  return domain === '' ? undefined : `${lower.slice(0, at)}@${domain}`
}

/** Returns an email address or a username in the form in which it is stored. */
export const normalLogin = (login: string, asciiDomain: (domain: string) => string): string =>
  normalEmail(login, asciiDomain) ?? login.trim().toLowerCase()

/** Returns the username for a user who chose none: the letters and digits of the name. */
export const usernameFrom = (name: string): string => {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 27)
  return letters.length < 3 || RESERVED.has(letters) ? 'user' : letters
}

/** Returns a text in the form in which it is searched: lower case by Unicode's rules, the same in every database. */
export const fold = (text: string): string => text.toLowerCase()

export const TEXT_LIMIT = 4_096

export const KEY_LIMIT = 128

/** Checks an idempotency key: 1–128 code points without NUL and lone surrogates. */
export function checkedKey(key: ClientMessageId): ClientMessageId {
  requireSound(key, '/client_message_id', { from: 1, to: KEY_LIMIT })
  return key
}

/** Returns what `TEXT_LIMIT` counts: code points, without white space at both ends. */
export const textLength = (text: string): number => length(text.trim())

/** Whether a text has nothing that can be seen. */
export const isBlank = (text: string): boolean => {
  const trimmed = text.trim()
  return trimmed === '' || UNSEEN.test(trimmed)
}

/** Returns the text without white space at both ends: 1–4,096 code points without NUL and lone surrogates. */
export function checkedText(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '' || UNSEEN.test(trimmed)) throw new Refusal('text-empty')
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) throw invalid('/text', 'holds neither NUL nor lone surrogates')
  if (trimmed.length > TEXT_LIMIT) {
    const points = textLength(trimmed)
    if (points > TEXT_LIMIT) throw new Refusal('text-too-long', { limit: TEXT_LIMIT, length: points })
  }
  return trimmed
}

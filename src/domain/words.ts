import type { ClientMessageId } from './ids.ts'
import { invalid, Refusal } from './refusal.ts'

export const NAME_LIMIT = 128

export const EMAIL_LIMIT = 254

export const PASSWORD_MIN = 8

export const PASSWORD_MAX = 128

export const USERNAME_MAX = 32

const USERNAME = new RegExp(`^[A-Za-z0-9._-]{3,${USERNAME_MAX}}$`)

const EMAIL = /^[^\s@]+@[^\s@]+$/

/** With those that turn the direction of all that follows, on whatever page a name is shown. */
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{White_Space}]+$/u

export const length = (text: string): number => {
  let points = 0
  for (const _ of text) points++
  return points
}

/** Trimmed, 1–128 code points of which some can be seen, no control characters. The same for people and groups. */
export function checkedName(name: string): string {
  const trimmed = name.trim()
  if (!trimmed.isWellFormed() || CONTROL.test(trimmed)) throw invalid('/name', 'holds neither control characters nor lone surrogates')
  const points = length(trimmed)
  if (points < 1 || points > NAME_LIMIT) throw invalid('/name', `has 1 to ${NAME_LIMIT} characters`)
  if (UNSEEN.test(trimmed)) throw invalid('/name', 'has characters that can be seen')
  return trimmed
}

export function checkedUsername(username: string): string {
  if (!USERNAME.test(username)) throw invalid('/username', 'has 3 to 32 of a–z, 0–9, dot, underscore and hyphen')
  return username.toLowerCase()
}

export function checkedEmail(email: string): string {
  const lower = email.trim().toLowerCase()
  if (lower.length > EMAIL_LIMIT || !EMAIL.test(lower) || CONTROL.test(lower) || !lower.isWellFormed())
    throw invalid('/email', `is an e-mail address of at most ${EMAIL_LIMIT} characters`)
  return lower
}

/** The username of somebody who chose none: the name's letters and digits. */
export const usernameFrom = (name: string): string => {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 27)
  return letters.length < 3 ? 'user' : letters
}

/** Text in the form in which it is searched: lower case by Unicode's rules, the same in every database. */
export const fold = (text: string): string => text.toLowerCase()

export const TEXT_LIMIT = 4_096

export const KEY_LIMIT = 128

/** 1–128 code points without NUL and lone surrogates. */
export function checkedKey(key: ClientMessageId): ClientMessageId {
  const isSound = key !== '' && key.isWellFormed() && !key.includes('\0') && (key.length <= KEY_LIMIT || length(key) <= KEY_LIMIT)
  if (!isSound) throw invalid('/client_message_id', `has 1 to ${KEY_LIMIT} characters, neither NUL nor lone surrogates`)
  return key
}

/** What `TEXT_LIMIT` counts: code points, without white space at both ends. */
export const textLength = (text: string): number => length(text.trim())

/** Without white space at both ends; 1–4,096 code points without NUL and lone surrogates. */
export function checkedText(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new Refusal('text-empty')
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) throw invalid('/text', 'holds neither NUL nor lone surrogates')
  if (trimmed.length > TEXT_LIMIT) {
    const points = textLength(trimmed)
    if (points > TEXT_LIMIT) throw new Refusal('text-too-long', { limit: TEXT_LIMIT, length: points })
  }
  return trimmed
}

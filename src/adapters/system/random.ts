import * as crypto from 'node:crypto'

/** A UUIDv7 (RFC 9562, 5.7) of this millisecond: the rest is chance. */
export function uuidv7(now: number): string {
  const time = now.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

/** A new UUIDv7: ids made a millisecond later sort later. Node makes them faster where it knows how. */
export const newId: () => string = 'randomUUIDv7' in crypto ? () => crypto.randomUUIDv7() : () => uuidv7(Date.now())

/** A number from 0 to 1, 1 excluded. Spreads load; makes no secrets. */
export const random = (): number => Math.random()

/** 256 bits that nobody can guess, as text. */
export const newSecret = (): string => crypto.randomBytes(32).toString('base64url')

/** The UUID of a text: a version 8 UUID (RFC 9562, 5.8) of its SHA-256. */
export function uuidOf(text: string): string {
  const hex = crypto.hash('sha256', text, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
/** Decimal digits that nobody can guess. */
export const newDigits = (count: number): string => Array.from({ length: count }, () => crypto.randomInt(10)).join('')

/** A digest without collisions (SHA-256) in 43 characters. */
export const digest = (text: string): string => crypto.hash('sha256', text, 'base64url')

import { hash, randomBytes, randomUUIDv7 } from 'node:crypto'

/** A new UUIDv7: ids made later sort later. */
export const newId = (): string => randomUUIDv7()

/** A number from 0 to 1, 1 excluded. Spreads load; makes no secrets. */
export const random = (): number => Math.random()

/** 256 bits that nobody can guess, as text. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** A digest without collisions (SHA-256) in 43 characters. */
export const digest = (text: string): string => hash('sha256', text, 'base64url')

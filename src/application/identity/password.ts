import { opaque } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { asGuess, type GuessingNeeds } from './guessing.ts'

interface Attempt {
  readonly password: string
  /** Whom the work is for. */
  readonly owner: string
}

export type PasswordNeeds = GuessingNeeds & Pick<Ports, 'people' | 'passwords'>

/** Compares in the form in which passwords are hashed, then as it was given: hashes may be older than that form. */
export async function isPassword(
  { passwords }: Pick<Ports, 'passwords'>,
  hash: string | undefined,
  { password, owner }: Attempt,
): Promise<boolean> {
  const form = opaque(password)
  if (await passwords.verify(hash, form, owner)) return true
  return form !== password && passwords.verify(hash, password, owner)
}

/** Refuses with `bad-credentials` unless the password is the caller's; wrong ones are counted as at the login. */
export async function requirePassword(needs: PasswordNeeds, { userId, address }: Caller, password: string): Promise<void> {
  const hash = await needs.people.passwordHash(userId)
  const isRight = await asGuess(needs, { userId, login: '', address }, () => isPassword(needs, hash, { password, owner: userId }))
  if (!isRight) throw new Refusal('bad-credentials')
}

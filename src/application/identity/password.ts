import type { UserId } from '../../domain/ids.ts'
import { opaque } from '../../domain/password.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'

interface Attempt {
  readonly password: string
  /** Whom the work is for. */
  readonly owner: string
}

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

/** Refuses with `bad-credentials` unless the password is the user's. */
export async function requirePassword(needs: Pick<Ports, 'people' | 'passwords'>, userId: UserId, password: string): Promise<void> {
  const hash = await needs.people.passwordHash(userId)
  if (!(await isPassword(needs, hash, { password, owner: userId }))) throw new Refusal('bad-credentials')
}

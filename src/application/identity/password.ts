import { invalid, Refusal } from '../../domain/refusal.ts'
import { length, PASSWORD_MAX, PASSWORD_MIN } from '../../domain/words.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Ports } from '../ports/ports.ts'

/** Returns a new password, or refuses one that is too short, too long or among the commonest. */
export function checkedPassword({ isCommonPassword }: Pick<Ports, 'isCommonPassword'>, password: string, pointer = '/password'): string {
  const points = length(password)
  if (points < PASSWORD_MIN || points > PASSWORD_MAX) throw invalid(pointer, `has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`)
  if (isCommonPassword(password)) throw invalid(pointer, 'is among the commonest passwords')
  return password
}

/** Refuses with `bad-credentials` unless the password is that of the hash. */
export async function requirePassword({ verify }: Passwords, hash: string | undefined, password: string): Promise<void> {
  if (!(await verify(hash, password))) throw new Refusal('bad-credentials')
}

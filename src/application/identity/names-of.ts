import type { User } from '../../domain/identity.ts'

/** What a password of this user may not consist of. */
export const namesOf = ({ name, username, email, emailPending }: User): readonly (string | undefined)[] => [
  name,
  username,
  ...(email ?? emailPending ?? '').split('@'),
]

import { invalid } from './refusal.ts'
import { length, PASSWORD_MAX, PASSWORD_MIN } from './words.ts'

/**
 * A password in the one form in which it is compared (RFC 8265 §4.2, the OpaqueString profile): other spaces than U+0020 become it, and the
 * rest is composed (NFC). Keyboards differ in both, and people do not see it.
 */
export const opaque = (password: string): string => password.replace(/\p{Zs}/gu, ' ').normalize('NFC')

const PRODUCT: readonly string[] = ['windi', 'chat']
/** Parts of names that short are in many words. */
const PART_MIN = 3
/** Letters that a password has besides names, at least. */
const OWN_MIN = 4

/** Whether hardly anything is left of a password without the names of its owner and of the product, digits and signs. */
export function isMadeOfNames(password: string, names: readonly (string | undefined)[]): boolean {
  const parts = [...names.flatMap((name) => [name ?? '', ...(name ?? '').split(/[^\p{L}]+/u)]), ...PRODUCT]
  const known = parts.map((part) => part.toLowerCase().normalize('NFC')).filter((part) => length(part) >= PART_MIN)
  let rest = password.toLowerCase()
  for (const part of known.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(part, '')
  return rest !== password.toLowerCase() && length(rest.replace(/[^\p{L}]/gu, '')) < OWN_MIN
}

export interface PasswordRules {
  readonly isCommonPassword: (password: string) => boolean
  /** Of whoever is to have it. */
  readonly names: readonly (string | undefined)[]
  readonly pointer?: string
}

/** The form of a new password that is hashed. */
export function checkedPassword(password: string, { isCommonPassword, names, pointer = '/password' }: PasswordRules): string {
  const form = opaque(password)
  const points = length(form)
  if (points < PASSWORD_MIN || points > PASSWORD_MAX) throw invalid(pointer, `has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`)
  if (!form.isWellFormed() || /\p{Cc}/u.test(form)) throw invalid(pointer, 'holds neither control characters nor lone surrogates')
  if (isCommonPassword(form)) throw invalid(pointer, 'is among the commonest passwords')
  if (isMadeOfNames(form, names)) throw invalid(pointer, 'has more than your names in it')
  return form
}

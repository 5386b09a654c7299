import { createHash } from 'node:crypto'
import { fold } from '../../../src/domain/words.ts'

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const
const ENCODINGS = ['hex', 'base64', 'base64url'] as const

/** The forms in which bytes may give a text away: as it is and folded, in several encodings, and by digests. */
export function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const forms = new Map<string, Buffer>()
  for (const [name, plain] of Object.entries({ plain: text, folded: fold(text), upper: text.toUpperCase() })) {
    const bytes = Buffer.from(plain)
    forms.set(name, bytes)
    forms.set(`${name}, UTF-16`, Buffer.from(plain, 'utf16le'))
    forms.set(`${name}, hex`, Buffer.from(bytes.toString('hex')))
    // Wherever in a longer text it stands: without the characters that its neighbours share.
    for (const before of [0, 1, 2]) {
      const coded = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '')
      forms.set(`${name}, base64 at ${before}`, Buffer.from(coded.slice(before && before + 1, -1)))
    }
    for (const hash of HASHES) {
      const digest = createHash(hash).update(bytes).digest()
      forms.set(`${name}, ${hash}`, digest)
      for (const encoding of ENCODINGS) forms.set(`${name}, ${hash} in ${encoding}`, Buffer.from(digest.toString(encoding)))
    }
  }
  return forms
}

/** The forms of a text that are in these bytes. */
export const formsIn = (bytes: Buffer, text: string): string[] =>
  [...formsOf(text)].flatMap(([name, form]) => (bytes.includes(form) ? [name] : []))

import { readFile, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { brotliCompressSync, constants } from 'node:zlib'

/**
 * Writes `src/adapters/auth/commonest.ts` from the list of commonest passwords in @zxcvbn-ts/language-common (MIT), most frequent first:
 * `npm pack @zxcvbn-ts/language-common`, unpack, then `node tools/common-passwords.ts package/src/passwords.json`.
 */
const SHORTEST = 8
const all = JSON.parse(await readFile(argv[2]!, 'utf8')) as readonly string[]
const kept = [...new Set(all.map((password) => password.toLowerCase().normalize('NFC')))].filter(
  (password) => Array.from(password).length >= SHORTEST,
)
const packed = brotliCompressSync(kept.sort().join('\n'), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
})
await writeFile(
  'src/adapters/auth/commonest.ts',
  `/** ${kept.length} of the commonest passwords of at least ${SHORTEST} characters, one a line, packed. Made by tools/common-passwords.ts. */
// From @zxcvbn-ts/language-common, Copyright (c) Dan Wheeler, Dropbox Inc. and MrWook, MIT licence.
export const COMMONEST = '${packed.toString('base64')}'
`,
)
console.log(kept.length, packed.length)

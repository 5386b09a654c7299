import { writeFileSync } from 'node:fs'
import { record } from './record.ts'

/** Keeps what this version says, before it is released: `node test/support/golden/keep.ts v0.2`. */
const [release] = process.argv.slice(2)
if (!release) throw new Error('usage: node test/support/golden/keep.ts v0.2')
writeFileSync(new URL(`${release}.json`, import.meta.url), `${JSON.stringify(await record(), null, 2)}\n`)

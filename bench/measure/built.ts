import { existsSync } from 'node:fs'
import type * as auth from '../../src/auth.ts'
import type * as index from '../../src/index.ts'
import type * as mikroOrm from '../../src/mikro-orm.ts'
import type * as server from '../../src/server.ts'

type Entries = {
  server: typeof server
  index: typeof index
  'mikro-orm': typeof mikroOrm
  auth: typeof auth
}

/** An entry of the built package: what is measured is what is shipped. */
export async function built<K extends keyof Entries>(entry: K): Promise<Entries[K]> {
  const url = new URL(`../../dist/${entry}.js`, import.meta.url)
  if (!existsSync(url)) throw new Error('dist/ is missing: `npm run build` first.')
  return (await import(url.href)) as Entries[K]
}

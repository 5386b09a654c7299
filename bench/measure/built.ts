import { existsSync } from 'node:fs'

type Entries = {
  server: typeof import('../../src/server.ts')
  index: typeof import('../../src/index.ts')
  'mikro-orm': typeof import('../../src/mikro-orm.ts')
  auth: typeof import('../../src/auth.ts')
}

/** An entry of the built package: what is measured is what is shipped. */
export async function built<K extends keyof Entries>(entry: K): Promise<Entries[K]> {
  const url = new URL(`../../dist/${entry}.js`, import.meta.url)
  if (!existsSync(url)) throw new Error('dist/ is missing: `npm run build` first.')
  return (await import(url.href)) as Entries[K]
}

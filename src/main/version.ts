import { createRequire } from 'node:module'

/** Of this package; `package.json` lies two folders up from here, as from where this is compiled to. */
export const version: string = (createRequire(import.meta.url)('../../package.json') as { version: string }).version

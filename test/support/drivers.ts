import { createRequire } from 'node:module'

/** Requires the modules that a package depends on, as it does itself: the drivers that MikroORM brings along. */
export const driversOf = (name: string): NodeJS.Require => createRequire(createRequire(import.meta.url).resolve(name))

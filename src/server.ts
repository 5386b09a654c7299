/** The service as a function: with a server of its own, or mounted on yours. */

export type { Identified } from './application/identity/admit.ts'
export { type Config, defaultConfig } from './main/config.ts'
export type { Identify } from './main/host/identify.ts'
export { type Mounted, openChat } from './main/mount.ts'
export { createServer, type Server } from './main/server.ts'
export { type ServerOptions } from './main/server-options.ts'

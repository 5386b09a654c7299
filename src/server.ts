/** The whole service as a function, and its parts for a server of one's own. */
export { type Config, defaultConfig } from './main/config.ts'
export { type Mounted, openChat } from './main/mount.ts'
export { createServer, type Server } from './main/server.ts'
export { type ServerOptions } from './main/server-options.ts'

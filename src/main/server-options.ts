import type { Interceptors } from '../application/ports/interceptors.ts'
import type { OutboundPorts } from './compose.ts'
import type { Config } from './config.ts'
import type { Identify } from './host/identify.ts'
import type { Logger } from './logging.ts'
import type { OpenStore } from './open-store.ts'

/** Settings of a service. Absent settings have their defaults; nothing is read from the environment. */
export interface ServerOptions extends Partial<Config>, Interceptors {
  /** A pino logger, silent by default. */
  readonly log?: Logger
  /** Whom requests and upgrades without a bearer come from. All but reading then needs an `Origin` of this server, or an allowed one. */
  readonly identify?: Identify
  /** Where the chat is on your server, such as `/chat`; at its root unless given. */
  readonly basePath?: string
  /** Where everything is kept, such as `database({ pool })`, in place of `databaseUrl`. */
  readonly store?: OpenStore | Promise<OpenStore>
  /** Your adapters, replacing those the settings select. */
  readonly ports?: Partial<OutboundPorts>
}

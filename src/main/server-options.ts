import type { OutboundPorts } from './compose.ts'
import type { Config } from './config.ts'
import type { Logger } from './logging.ts'

/** Settings of a service. Absent settings have their defaults; nothing is read from the environment. */
export interface ServerOptions extends Partial<Config> {
  /** A pino logger, silent by default. */
  readonly log?: Logger
  /** Your adapters, replacing those the settings select. */
  readonly ports?: Partial<OutboundPorts>
}

import type { OutboundPorts } from './compose.ts'
import type { Config } from './config.ts'
import type { Logger } from './logging.ts'

/** Every setting that is left out has its default; nothing is read from the environment. */
export interface ServerOptions extends Partial<Config> {
  /** Of pino; silent if there is none. */
  readonly log?: Logger
  /** Parts of one's own in place of those that the settings ask for. */
  readonly ports?: Partial<OutboundPorts>
}

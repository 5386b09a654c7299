import type { OnCommit } from '../application/ports/log.ts'
import type { AccountPorts, Ports, StorePorts } from '../application/ports/ports.ts'
import type { OpenWithin } from '../application/ports/within.ts'

/** Opens the ports that store things, as `memory()`, `await database(…)` and your own adapter do. */
export type OpenStore = (
  onCommit: OnCommit,
  clock?: Ports['clock'],
) => StorePorts & Partial<AccountPorts> & { readonly within?: OpenWithin; close(): Promise<void> }

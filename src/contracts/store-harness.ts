import type { AccountPorts, Ports, StorePorts } from '../application/ports/ports.ts'
import type { ChatEvent, UnknownEvent } from '../domain/event.ts'

/** A store under test, as the application would be given it. It may hold what others have written. */
export interface StoreHarness extends StorePorts, Pick<Ports, 'newId'> {
  /** What the log has announced so far, call by call. */
  readonly announced: readonly (readonly ChatEvent[])[]
  /**
   * Appends an event of a kind that this version does not know, as a newer process on the same store would: a row in the log, and the head
   * of the chat behind it.
   */
  appendUnknown(event: UnknownEvent): Promise<void>
  close?(): Promise<void>
}

/** The same with the ports that accounts need. */
export interface AccountsHarness extends StoreHarness, AccountPorts {}

export type OpenStore = () => Promise<StoreHarness>

import type { Ports } from '../application/ports/ports.ts'
import type { ChatEvent } from '../domain/event.ts'

/** A store under test, as the application would be given it. It may hold what others have written. */
export interface StoreHarness extends Pick<Ports, 'log' | 'receipts' | 'chats' | 'people' | 'sessions' | 'newId'> {
  /** What the log has announced so far, call by call. */
  readonly announced: readonly (readonly ChatEvent[])[]
  close?(): Promise<void>
}

export type OpenStore = () => Promise<StoreHarness>

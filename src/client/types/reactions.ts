import type { Person } from '../basic-types.ts'
import type { Message } from './content.ts'

/** A reaction of somebody to a message. */
export interface Reactor {
  readonly person: Person
  readonly emoji: string
  readonly at: number
}

export interface Pin {
  readonly message: Message
  readonly pinnedAt: number
  readonly pinnedBy: Person
}

export interface Pins {
  /** Newest pin first. */
  readonly items: readonly Pin[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
}

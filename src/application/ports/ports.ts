import type { Duration, Instant } from '../../domain/ids.ts'
import type { Bus } from './bus.ts'
import type { Chats } from './chats.ts'
import type { Journal } from './journal.ts'
import type { RateLimiter } from './limiter.ts'
import type { ChatLog } from './log.ts'
import type { Passwords } from './passwords.ts'
import type { People } from './people.ts'
import type { Receipts } from './receipts.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

/** All that the application needs of the world. Every method's comment is a promise; contract kits hold stores and buses to theirs. */
export interface Ports {
  readonly log: ChatLog
  readonly receipts: Receipts
  readonly chats: Chats
  readonly people: People
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly tokens: Tokens
  readonly bus: Bus
  readonly limiter: RateLimiter
  readonly journal: Journal
  /** Is it among the passwords that attackers try first. */
  readonly isCommonPassword: (password: string) => boolean
  /** The domain of an e-mail address in the letters of DNS (IDNA, RFC 5891); empty if it is none. */
  readonly asciiDomain: (domain: string) => string
  readonly clock: () => Instant
  /** A new UUIDv7. */
  readonly newId: () => string
  /** A number from 0 to 1, 1 excluded. */
  readonly random: () => number
  /** Runs something once, about so much later; keeps no process alive. */
  readonly later: (run: () => void, wait: Duration) => void
  /** A short digest without collisions; the same text gives the same digest for ever. */
  readonly digest: (text: string) => string
}

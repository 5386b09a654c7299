import type { Count, Duration, Instant } from '../../domain/ids.ts'
import type { Accounts } from './accounts.ts'
import type { Audit } from './audit.ts'
import type { Bans } from './bans.ts'
import type { Bus } from './bus.ts'
import type { Chats } from './chats.ts'
import type { Codes } from './codes.ts'
import type { Commits } from './commits.ts'
import type { Consents } from './consents.ts'
import type { Consumers } from './consumers.ts'
import type { Expiries } from './expiries.ts'
import type { Exports } from './exports.ts'
import type { Factors } from './factors.ts'
import type { Files } from './files.ts'
import type { Hooks } from './hooks.ts'
import type { Inlets } from './inlets.ts'
import type { Interceptors } from './interceptors.ts'
import type { Invitations } from './invitations.ts'
import type { Issuers } from './issuers.ts'
import type { Journal } from './journal.ts'
import type { Keys } from './keys.ts'
import type { RateLimiter } from './limiter.ts'
import type { ChatLog } from './log.ts'
import type { Mail, Mails } from './mail.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import type { OwnStates } from './own.ts'
import type { Passwords } from './passwords.ts'
import type { People } from './people.ts'
import type { Push } from './push.ts'
import type { Receipts } from './receipts.ts'
import type { Reports } from './reports.ts'
import type { Requests } from './requests.ts'
import type { Seals } from './seals.ts'
import type { Passkeys, Totp } from './second-factors.ts'
import type { Sessions } from './sessions.ts'
import type { Sinks } from './sink.ts'
import type { Storage } from './storage.ts'
import type { Tallies } from './tallies.ts'
import type { Tokens } from './tokens.ts'
import type { Watch } from './watch.ts'

/** What a store keeps. */
export type StorePorts = Pick<
  Ports,
  | 'log'
  | 'receipts'
  | 'own'
  | 'chats'
  | 'people'
  | 'consents'
  | 'reports'
  | 'exports'
  | 'sessions'
  | 'files'
  | 'keys'
  | 'consumers'
  | 'notices'
  | 'inlets'
  | 'bans'
  | 'invitations'
  | 'expiries'
  | 'requests'
  | 'commits'
>
/** The ports that hold what belongs to accounts. */
export type AccountPorts = Pick<Ports, 'accounts' | 'codes' | 'mails' | 'networks' | 'tallies' | 'factors' | 'audit'>

/** What the application needs from adapters. Each method's comment is a promise; contract kits test those of stores and buses. */
export interface Ports {
  readonly log: ChatLog
  readonly receipts: Receipts
  readonly own: OwnStates
  readonly chats: Chats
  readonly people: People
  readonly consents: Consents
  readonly reports: Reports
  readonly exports: Exports
  readonly sessions: Sessions
  readonly consumers: Consumers
  readonly notices: Notices
  readonly inlets: Inlets
  readonly bans: Bans
  readonly invitations: Invitations
  readonly expiries: Expiries
  readonly requests: Requests
  /** Absent: nobody can tell whether anything was committed. */
  readonly commits?: Commits | undefined
  readonly push: Push
  readonly keys: Keys
  readonly files: Files
  /** Undefined where files are switched off. */
  readonly storage?: Storage | undefined
  readonly accounts: Accounts
  readonly codes: Codes
  readonly mails: Mails
  /** Undefined where no mail is sent: then an email address counts unverified. */
  readonly mail: Mail | undefined
  readonly networks: Networks
  readonly tallies: Tallies
  /** Counts what is limited; absent: `tallies` does. */
  readonly limitTallies?: Tallies | undefined
  readonly factors: Factors
  readonly audit: Audit
  readonly passwords: Passwords
  readonly tokens: Tokens
  readonly issuers: Issuers
  readonly bus: Bus
  readonly limiter: RateLimiter
  readonly journal: Journal
  /** Whether a password is among those that attackers try first. */
  readonly isCommonPassword: (password: string) => boolean
  /** Returns the domain of an email address in ASCII (IDNA, RFC 5891); empty if it is invalid. */
  readonly asciiDomain: (domain: string) => string
  readonly clock: () => Instant
  /** Milliseconds that only go up, whatever happens to the clock. */
  readonly elapsed: () => Duration
  readonly sinks: Sinks
  readonly hooks: Hooks
  readonly watch?: Partial<Watch> | undefined
  readonly seals: Seals
  /** Authenticator apps. */
  readonly totp: Totp
  /** Undefined where the service does not know its own address: then nobody has a passkey. */
  readonly passkeys: Passkeys | undefined
  /** Returns decimal digits that nobody can guess. */
  readonly newDigits: (count: Count) => string
  /** Returns a new UUIDv7. */
  readonly newId: () => string
  /** Returns 256 random bits that nobody can guess, as 43 characters. */
  readonly newSecret: () => string
  /** Returns a random number from 0 to 1, 1 excluded. */
  readonly random: () => number
  /** Runs a function once after about `wait`. Does not keep the process alive. */
  readonly later: (run: () => void, wait: Duration) => void
  /** Returns a UUID that stands for a text; the same text always gives the same UUID, another text another. */
  readonly uuidOf: (text: string) => string
  /** Members of a group, at most; 5,000 unless given. */
  readonly groupLimit?: Count | undefined
  /** The host's own code. */
  readonly interceptors?: Interceptors | undefined
  /** Returns a short, collision-resistant digest; the same text always gives the same digest. */
  readonly digest: (text: string) => string
}

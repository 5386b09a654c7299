import type { Session as WireSession } from '../adapters/wire/schemas/identity.ts'
import type { Call } from './calls/call.ts'
import type { Fetch, Signal } from './platform/globals.ts'
import type { Platform } from './platform/platform.ts'

/** A value that changes: `get` returns the same object until it does, as `useSyncExternalStore` requires. */
export interface Store<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: Signal | undefined
}

// People. Times are epoch milliseconds; what is absent is undefined.

export interface Person {
  readonly id: string
  readonly username: string | undefined
  /** Undefined if the user was deleted. */
  readonly name: string | undefined
  /** `bot`: a program. `guest`: has no account. `system`: the service itself. */
  readonly kind: 'person' | 'bot' | 'guest' | 'system'
  /** Where another system keeps a picture of the user. */
  readonly avatarUrl: string | undefined
  /** The id of the file that is the user's picture. */
  readonly avatar: string | undefined
  readonly lastSeenAt: number | undefined
}

/** How a user is shown. */
export type Profile = Omit<Person, 'lastSeenAt'>

export interface Me extends Person {
  readonly email: string | undefined
  readonly isEmailVerified: boolean
  readonly isAdmin: boolean
  /** What another system calls this user. */
  readonly externalId: string | undefined
  readonly createdAt: number
}

export interface Presence {
  readonly isOnline: boolean
  readonly lastSeenAt: number | undefined
}

// Signing in

export interface Session {
  readonly user: Me
  readonly sessionId: string
  readonly accessToken: string
  readonly accessExpiresAt: number
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

/** Where the session is stored: `webSessionStore(sessionStorage)`, or your own. */
export interface SessionStore {
  read(): Session | undefined | Promise<Session | undefined>
  write(session: Session | undefined): void | Promise<void>
}

export interface Service {
  readonly name: string
  readonly version: string
  readonly epoch: string
  readonly limits: Readonly<Record<string, number>>
  /** Whether guests may sign in. */
  readonly guest: boolean
  /** Whether users may sign in with passkeys; a service of an earlier version does not say. */
  readonly passkeys?: boolean
  /** How long the texts of messages stay in any chat, in seconds; 0: no limit. A service of an earlier version does not say. */
  readonly keep_s?: number
}

export interface TokenOptions extends CallOptions {
  /** Renews the session first: the last token was refused. */
  readonly forceRefresh?: boolean
}

/** Why a token is asked for: none was given yet, the last one is about to expire, or the service refused it. */
export type TokenReason = 'first' | 'expired' | 'refused'

/** Tokens of an application of its own, such as those that its server issues for its users. */
export interface TokenSource {
  /** Resolves with an access token. Called once, and again when that token has expired or was refused. */
  getToken(request: { readonly reason: TokenReason }): Promise<string>
}

export interface Auth {
  /** Undefined while no user is signed in. */
  readonly session: Store<Session | undefined>
  /** Resolves with the stored session. */
  readonly restored: Promise<Session | undefined>
  /** Returns name, version and limits of the service, and whether guests may sign in. */
  service(options?: CallOptions): Promise<Service>
  register(
    person: {
      readonly name: string
      readonly email: string
      readonly password: string
      readonly username?: string | undefined
      readonly deviceName?: string | undefined
    },
    options?: CallOptions,
  ): Promise<Session>
  /**
   * `login` is an email or a username. Rejects with `second-factor` for users who have one: sign in again with `secondFactor`, a code of the
   * authenticator app or a recovery code.
   */
  login(
    credentials: {
      readonly login: string
      readonly password: string
      readonly secondFactor?: string | undefined
      readonly deviceName?: string | undefined
    },
    options?: CallOptions,
  ): Promise<Session>
  guest(person?: { readonly name?: string | undefined }, options?: CallOptions): Promise<Session>
  /** Deletes the session here at once, and ends it on the server if it is reachable. */
  logout(options?: CallOptions): Promise<void>
  /** Returns a token valid for at least 30 seconds. Of all callers in all tabs, one renews at a time. Rejects when signed out. */
  getToken(options?: TokenOptions): Promise<string>
  /** Makes a call of the service without a token: for entries beside the core, such as `windi-chat/client/order`. */
  readonly call: Call
  /** Keeps the session with which a call answers: for the same. */
  signIn(answer: Promise<WireSession>): Promise<Session>
}

/** An `Auth`; or a session that was made elsewhere; or a source of tokens. */
export type AuthSource = Auth | Session | TokenSource

export interface AuthOptions {
  /** The address of the service, such as `https://chat.example.org`; '' is the origin of the page. */
  readonly url: string
  /** Default: memory. */
  readonly store?: SessionStore | undefined
  readonly fetch?: Fetch | undefined
  readonly platform?: Partial<Platform> | undefined
}

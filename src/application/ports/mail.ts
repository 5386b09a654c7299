import type { Count, Instant, UserId } from '../../domain/ids.ts'

/** What each kind of mail says besides its fixed words. */
export interface MailFacts {
  /** To the address that is to be verified. */
  'verify-email': { readonly code: string }
  /** To the present address of a user who wants another one. */
  'email-change': { readonly email: string }
  'reset-password': { readonly code: string }
  /** How much was missed, and the secret in the address at which its recipient unsubscribes. */
  'digest': { readonly messages: Count; readonly chats: Count; readonly userId: UserId; readonly secret: string }
  'sign-in': { readonly device: string; readonly network: string; readonly at: string }
}
export type MailKind = keyof MailFacts

/** Sends mail. */
export interface Mail {
  /** Whether mails can name an address of this service at which their recipient unsubscribes. Without it, no digests are sent. */
  readonly canUnsubscribe?: boolean
  /** Resolves when the mail server has accepted the mail. Rejects if it did not, and then another attempt may succeed. */
  send<K extends MailKind>(kind: K, to: string, facts: MailFacts[K]): Promise<void>
}

/** A mail to be sent. What it says is looked up when it is sent: codes are made then. */
export interface QueuedMail {
  readonly id: string
  readonly kind: MailKind
  readonly userId: UserId | undefined
  /** The address; the login for a mail whose user is looked up when it is sent. */
  readonly address: string
  readonly facts: Readonly<Record<string, string>>
  readonly attempts: Count
  readonly createdAt: Instant
}

/** Mails that wait to be sent. */
export interface Mails {
  add(mail: Omit<QueuedMail, 'attempts'>): Promise<void>
  /** Returns mails that are due, at most `limit`, with one more attempt each; no other caller gets them before `until`. */
  take(now: Instant, until: Instant, limit: Count): Promise<readonly QueuedMail[]>
  /** Deletes a mail that was sent or given up. */
  done(id: string): Promise<void>
  /** Returns how many wait. */
  waiting(): Promise<Count>
  /** Lets a mail be taken again at this time. */
  postpone(id: string, dueAt: Instant): Promise<void>
}

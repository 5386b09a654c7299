import type { Count, Duration } from '../../domain/ids.ts'
import type { RefusalCode } from '../../domain/refusal.ts'
import type { Consumer } from './consumers.ts'
import type { MailKind } from './mail.ts'
import type { Outcome } from './sink.ts'

/** How a resume ended: every chat is named, only what moved is, the store was another one, the connection had closed, or it was refused. */
export type ResumeOutcome = 'whole' | 'moved' | 'reset' | 'closed' | RefusalCode | 'defect'
/** What became of a mail: there is no reason to send it any longer; it is tried again; no more. */
export type MailOutcome = 'sent' | 'needless' | 'failed' | 'given-up'

/** Hears what happens, for the operator to see. Nothing depends on it, and it never throws. */
export interface Watch {
  /** The store or a sink of the relay has failed: it is tried again. */
  onDefect(error: unknown): void
  /** A range was delivered to a consumer or not. `age`: since the time of its last event. */
  onDelivered(consumer: Consumer, outcome: Outcome['is'], range: { readonly events: Count; readonly age: Duration }): void
  /** A range was given up. */
  onGivenUp(consumer: Consumer): void
  /** The log was read because something was not announced in time. */
  onRepaired(outcome: 'repaired' | 'needless' | 'failed', events: Count): void
  /** An event was handed to the readers of its chat, so long after its time. */
  onHeard(age: Duration): void
  onResumed(outcome: ResumeOutcome): void
  onMail(kind: MailKind, outcome: MailOutcome): void
}

/** Hears nothing. */
export const unwatched: Watch = {
  onDefect() {},
  onDelivered() {},
  onGivenUp() {},
  onRepaired() {},
  onHeard() {},
  onResumed() {},
  onMail() {},
}

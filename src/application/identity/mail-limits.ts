import type { Duration, UserId } from '../../domain/ids.ts'
import { countOne, type TallyRule } from '../../domain/tally.ts'
import type { MailKind } from '../ports/mail.ts'
import type { Ports } from '../ports/ports.ts'

const HOUR: Duration = 3_600_000
/** Mails of one kind to one user. */
export const MAIL_RULE: TallyRule = { times: 3, within: HOUR }

/** Counts a mail that somebody asked for; returns for how long it must wait, undefined if it may be sent. */
export const mayMail = (
  { tallies, limitTallies = tallies, clock, digest }: Pick<Ports, 'tallies' | 'limitTallies' | 'clock' | 'digest'>,
  userId: UserId,
  kind: MailKind,
): Promise<Duration | undefined> => limitTallies.change(digest(`mail ${kind} ${userId}`), (tally) => countOne(tally, MAIL_RULE, clock()))

import type { Duration, UserId } from '../../domain/ids.ts'
import { normalLogin } from '../../domain/words.ts'
import { gate } from '../gate.ts'
import { missedBy, unsubscribeSecret } from '../notices/missed.ts'
import type { MailFacts, MailKind, QueuedMail } from '../ports/mail.ts'
import type { Ports } from '../ports/ports.ts'
import { unwatched } from '../ports/watch.ts'
import { newResetCode, newVerifyCode, RESET_TTL } from './codes.ts'
import { mayMail } from './mail-limits.ts'

/** How long a process has for sending a mail, before another one may try. */
const LEASE: Duration = 60_000
const AT_ONCE = 10
/** Waits between attempts; after the last one a mail is given up. */
const WAITS: readonly Duration[] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map((seconds) => seconds * 1_000)

type Needs = Pick<
  Ports,
  | 'people'
  | 'mails'
  | 'mail'
  | 'codes'
  | 'tallies'
  | 'limitTallies'
  | 'seals'
  | 'clock'
  | 'newId'
  | 'newSecret'
  | 'newDigits'
  | 'later'
  | 'asciiDomain'
  | 'digest'
  | 'chats'
  | 'notices'
  | 'consents'
  | 'watch'
>

/** The mails of this deployment. */
export interface Mailing {
  /** Whether mail is sent at all. */
  readonly isOn: boolean
  /** Whether mails tell users of missed messages who want that. */
  readonly hasDigests: boolean
  /** Keeps a mail until it was sent, and sends it soon. Does nothing where no mail is sent. */
  post(
    kind: MailKind,
    to: { readonly userId?: UserId; readonly address: string; readonly facts?: Readonly<Record<string, string>> },
  ): Promise<void>
  /** Sends what is due. Rejects if some could not be sent: they are tried again later. */
  deliver(): Promise<void>
}

interface Ready<K extends MailKind> {
  readonly to: string
  readonly facts: MailFacts[K]
}

/** What a mail says, when it is sent; undefined if there is no reason to send it any more. */
const kinds: { readonly [K in MailKind]: (needs: Needs, mail: QueuedMail) => Promise<Ready<K> | undefined> } = {
  async 'verify-email'(needs, { userId, address }) {
    const user = userId && (await needs.people.get(userId))
    if (!user || user.emailPending !== address) return undefined
    return { to: address, facts: { code: await newVerifyCode(needs, user.id, address) } }
  },
  'email-change': async (_, { address, facts }) => ({ to: address, facts: facts as unknown as MailFacts['email-change'] }),
  async 'reset-password'(needs, { address: login }) {
    const found = await needs.people.credentials(normalLogin(login, needs.asciiDomain))
    const { id, email, disabledAt } = found?.user ?? {}
    if (id === undefined || email === undefined || disabledAt !== undefined) return undefined
    if ((await mayMail(needs, id, 'reset-password')) !== undefined) return undefined
    return { to: email, facts: { code: await newResetCode(needs, id, RESET_TTL.mailed) } }
  },
  async 'digest'(needs, { userId, facts }) {
    const user = userId && (await needs.people.get(userId))
    if (!user || user.email === undefined || user.disabledAt !== undefined || !(await needs.notices.ofUser(user.id)).digest)
      return undefined
    const missed = await missedBy(needs, user.id, Number(facts.since))
    return missed && { to: user.email, facts: { ...missed, userId: user.id, secret: unsubscribeSecret(needs, user.id) } }
  },
  async 'sign-in'({ people }, { userId, facts }) {
    const user = userId && (await people.get(userId))
    return user?.email === undefined ? undefined : { to: user.email, facts: facts as unknown as MailFacts['sign-in'] }
  },
}

export function mailing(needs: Needs): Mailing {
  const { mails, mail: sender, clock, newId, later } = needs
  const { onMail } = { ...unwatched, ...needs.watch }
  const oneByOne = gate({ places: 1 })

  async function attempt(mail: QueuedMail): Promise<void> {
    const prepare = kinds[mail.kind] as (needs: Needs, mail: QueuedMail) => Promise<Ready<MailKind> | undefined>
    try {
      const ready = await prepare(needs, mail)
      if (ready) await sender!.send(mail.kind, ready.to, ready.facts)
      await mails.done(mail.id)
      onMail(mail.kind, ready ? 'sent' : 'needless')
    } catch (error) {
      const wait = WAITS[mail.attempts - 1]
      onMail(mail.kind, wait === undefined ? 'given-up' : 'failed')
      if (wait === undefined) await mails.done(mail.id)
      else await mails.postpone(mail.id, clock() + wait)
      throw error
    }
  }

  async function deliver(): Promise<void> {
    for (;;) {
      const now = clock()
      const due = await mails.take(now, now + LEASE, AT_ONCE)
      const outcomes = await Promise.allSettled(due.map(attempt))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      if (due.length < AT_ONCE) return
    }
  }

  const deliverInTurn = () => (sender ? oneByOne(deliver) : Promise.resolve())
  return {
    isOn: sender !== undefined,
    hasDigests: sender?.canUnsubscribe === true,
    async post(kind, { userId, address, facts = {} }) {
      if (!sender) return
      await mails.add({ id: newId(), kind, userId, address, facts, createdAt: clock() })
      // What fails is tried again by the chore, which reports it.
      later(() => void deliverInTurn().catch(() => undefined), 0)
    },
    deliver: deliverInTurn,
  }
}

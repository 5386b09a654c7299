import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { callerOf } from './get-me.ts'
import { MAIL_RULE, mayMail } from './mail-limits.ts'
import type { Mailing } from './mailing.ts'

/** Sends another code to the address that is to be verified. Does nothing if there is none. */
export const sendEmailCode =
  (needs: Pick<Ports, 'people' | 'tallies' | 'limitTallies' | 'clock' | 'digest'>, { isOn, post }: Mailing): ChatApi['sendEmailCode'] =>
  async (caller) => {
    if (!isOn) throw new Refusal('not-found')
    const { id, emailPending } = await callerOf(needs)(caller)
    if (emailPending === undefined) return
    const retryAfterMs = await mayMail(needs, id, 'verify-email')
    const { times: quota, within: windowMs } = MAIL_RULE
    if (retryAfterMs !== undefined) throw new Refusal('too-many-requests', { retryAfterMs, policy: { name: 'mail', quota, windowMs } })
    await post('verify-email', { userId: id, address: emailPending })
  }

import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { verifiedAddress } from './codes.ts'
import { callerOf } from './get-me.ts'
import type { Mailing } from './mailing.ts'

/** The user has read the mail: the address is theirs, unless someone else has verified it before. */
export const verifyEmail =
  (needs: Pick<Ports, 'people' | 'accounts' | 'codes' | 'seals' | 'clock'>, { isOn }: Mailing): ChatApi['verifyEmail'] =>
  async (caller, { code }) => {
    if (!isOn) throw new Refusal('not-found')
    const { userId } = caller
    const address = await verifiedAddress(needs, userId, code)
    const outcome = await needs.accounts.verifyEmail(userId, address)
    if (outcome === 'changed') throw new Refusal('bad-code')
    if (outcome === 'email-taken') throw new Refusal('email-taken')
    return callerOf(needs)(caller)
  }

import type { Count, Duration, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CodeName } from '../ports/codes.ts'
import type { Ports } from '../ports/ports.ts'

const MINUTE: Duration = 60_000
const VERIFY_TTL: Duration = 30 * MINUTE
const VERIFY_TRIES: Count = 5
/** How long a code for a new password holds. */
export const RESET_TTL = { mailed: 30 * MINUTE, byStaff: 24 * 60 * MINUTE } as const

type Making = Pick<Ports, 'codes' | 'seals' | 'clock' | 'newSecret' | 'newDigits'>
type Using = Pick<Ports, 'codes' | 'seals' | 'clock'>

/** Six digits with which a user proves to read the mails of an address. */
export async function newVerifyCode({ codes, seals, clock, newDigits }: Making, userId: UserId, address: string): Promise<string> {
  const code = newDigits(6)
  const [mac] = seals.macs(`verify ${userId} ${code}`)
  await codes.put({ subject: userId, kind: 'verify-email', userId, mac, target: address, expiresAt: clock() + VERIFY_TTL })
  return code
}

/** Returns the address that a code verifies. Refuses with `bad-code`. Each try is counted before the code is compared. */
export async function verifiedAddress({ codes, seals, clock }: Using, userId: UserId, code: string): Promise<string> {
  const name: CodeName = { subject: userId, kind: 'verify-email' }
  const now = clock()
  const kept = await codes.attempt(name, { now, tries: VERIFY_TRIES })
  const isRight = kept !== undefined && seals.macs(`verify ${userId} ${code.trim()}`).includes(kept.mac)
  const taken = isRight ? await codes.take({ ...name, mac: kept.mac }, now) : undefined
  if (taken?.target === undefined) throw new Refusal('bad-code')
  return taken.target
}

/** A code of 256 bits that sets a new password, once. It replaces earlier ones of the user. */
export async function newResetCode({ codes, seals, clock, newSecret }: Making, userId: UserId, ttl: Duration): Promise<string> {
  const code = newSecret()
  const [mac] = seals.macs(`reset ${code}`)
  await codes.put({ subject: mac, kind: 'reset-password', userId, mac, target: undefined, expiresAt: clock() + ttl })
  return code
}

/** Times that one code for a new password can be looked at: the new password may be refused several times. */
const RESET_TRIES: Count = 20

/** A code for a new password that is valid. */
export interface ResetCode {
  readonly userId: UserId
  /** Uses the code up. Refuses with `bad-code` if someone else has. */
  use(): Promise<void>
}

/** Finds a code for a new password. Refuses with `bad-code`. */
export async function resetCode({ codes, seals, clock }: Using, code: string): Promise<ResetCode> {
  for (const mac of seals.macs(`reset ${code.trim()}`)) {
    const name: CodeName = { subject: mac, kind: 'reset-password' }
    const found = await codes.attempt(name, { now: clock(), tries: RESET_TRIES })
    if (found?.userId === undefined) continue
    return {
      userId: found.userId,
      async use() {
        if (!(await codes.take({ ...name, mac }, clock()))) throw new Refusal('bad-code')
      },
    }
  }
  throw new Refusal('bad-code')
}

import type { Factor, FactorKind } from '../../domain/factor.ts'
import type { UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import { asGuess, type GuessingNeeds } from './guessing.ts'

export type SecondFactorNeeds = GuessingNeeds & Pick<Ports, 'factors' | 'seals' | 'totp'>

export const isConfirmed = ({ confirmedAt }: Factor): boolean => confirmedAt !== undefined

/** The text of which a recovery code's digest is kept. */
export const recoveryText = (userId: UserId, code: string): string => `recovery ${userId} ${code.replace(/[\s-]/g, '')}`

/**
 * Refuses with `second-factor` if the user has one and gave none, and with `bad-code` for a wrong one, which counts as a wrong password. A
 * code of an app is accepted once; a recovery code is used up.
 */
export async function requireSecondFactor(
  needs: SecondFactorNeeds,
  userId: UserId,
  { secondFactor, address }: { readonly secondFactor: string | undefined; readonly address: string | undefined },
): Promise<void> {
  const all = (await needs.factors.list(userId)).filter(isConfirmed)
  if (!all.some(({ kind }) => kind !== 'recovery')) return
  if (secondFactor === undefined) throw new Refusal('second-factor', { methods: [...new Set(all.map(({ kind }) => kind))] })
  const isRight = await asGuess(needs, { userId, login: '', address }, () => isFactor(needs, userId, all, secondFactor))
  if (!isRight) throw new Refusal('bad-code')
}

async function isFactor(needs: SecondFactorNeeds, userId: UserId, all: readonly Factor[], code: string): Promise<boolean> {
  for (const factor of all) if (await checks[factor.kind](needs, factor, code, userId)) return true
  return false
}

/** Whether a code is that of a factor; it is used up then. */
const checks: { readonly [K in FactorKind]: (needs: SecondFactorNeeds, factor: Factor, code: string, userId: UserId) => Promise<boolean> } =
  {
    totp: isCodeOf,
    recovery: async ({ factors, seals }, { id, secret }, code, userId) =>
      seals.macs(recoveryText(userId, code)).includes(secret) && (await factors.remove(userId, [id])) > 0,
    // A passkey signs in by itself: `signInWithPasskey`.
    passkey: async () => false,
  }

/** Whether a code is one of an authenticator app that was not used before. */
export async function isCodeOf({ factors, seals, totp, clock }: SecondFactorNeeds, { id, secret }: Factor, code: string): Promise<boolean> {
  const opened = seals.open(secret)
  const now = clock()
  const step = opened === undefined ? undefined : totp.stepOf(opened, code.replace(/\s/g, ''), now)
  return step !== undefined && factors.use(id, step, now)
}

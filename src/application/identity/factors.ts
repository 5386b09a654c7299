import type { Factor } from '../../domain/factor.ts'
import type { UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { callerOf } from './get-me.ts'
import { type PasswordNeeds, requirePassword } from './password.ts'
import { isCodeOf, isConfirmed, recoveryText, type SecondFactorNeeds } from './second-factor.ts'

const RECOVERY_CODES = 10
const RECOVERY_DIGITS = 12
/** Apps and passkeys of one user, at most. */
const FACTORS_MAX = 20

export type FactorNeeds = SecondFactorNeeds & PasswordNeeds & Pick<Ports, 'newId' | 'newDigits'>

/** What users see of their factors: recovery codes are counted, not listed. */
export const listFactors =
  ({ factors }: FactorNeeds): ChatApi['listFactors'] =>
  async ({ userId }) =>
    (await factors.list(userId)).filter(isConfirmed)

export const newFactor = (needs: Pick<Ports, 'newId' | 'clock'>, given: Pick<Factor, 'userId' | 'kind' | 'name' | 'secret'>): Factor => ({
  id: needs.newId(),
  credentialId: undefined,
  counter: 0,
  createdAt: needs.clock(),
  confirmedAt: undefined,
  lastUsedAt: undefined,
  ...given,
})

/** Refuses with `factors-full` if a user has as many factors as one may have; factors that were never confirmed make room. */
export async function makeRoom({ factors }: Pick<Ports, 'factors'>, userId: UserId): Promise<void> {
  const all = (await factors.list(userId)).filter(({ kind }) => kind !== 'recovery')
  const unconfirmed = all.filter((factor) => !isConfirmed(factor))
  await factors.remove(
    userId,
    unconfirmed.map(({ id }) => id),
  )
  if (all.length - unconfirmed.length >= FACTORS_MAX) throw new Refusal('factors-full', { limit: FACTORS_MAX })
}

export const addTotp =
  (needs: FactorNeeds): ChatApi['addTotp'] =>
  async (caller, { currentPassword, name }) => {
    const { factors, seals, totp } = needs
    const { userId } = caller
    await requirePassword(needs, caller, currentPassword)
    const user = await callerOf(needs)(caller)
    await makeRoom(needs, userId)
    const secret = totp.newSecret()
    const factor = newFactor(needs, { userId, kind: 'totp', name, secret: seals.seal(secret) })
    await factors.add(factor)
    return { factor, secret, uri: totp.uri(secret, user.email ?? user.username ?? userId) }
  }

export const confirmTotp =
  (needs: FactorNeeds): ChatApi['confirmTotp'] =>
  async ({ userId }, { factorId, code }) => {
    const { factors, clock } = needs
    const factor = (await factors.list(userId)).find(({ id, kind }) => id === factorId && kind === 'totp')
    if (!factor) throw new Refusal('factor-not-found')
    if (!(await isCodeOf(needs, factor, code))) throw new Refusal('bad-code')
    await factors.confirm(userId, factorId, clock())
    return { recoveryCodes: await firstRecoveryCodes(needs, userId) }
  }

/** Recovery codes for a user who has none. */
export async function firstRecoveryCodes(needs: FactorNeeds, userId: UserId): Promise<readonly string[] | undefined> {
  const has = (await needs.factors.list(userId)).some(({ kind }) => kind === 'recovery')
  return has ? undefined : makeRecoveryCodes(needs, userId)
}

async function makeRecoveryCodes(needs: FactorNeeds, userId: UserId): Promise<readonly string[]> {
  const { factors, seals, clock, newDigits } = needs
  const made = Array.from({ length: RECOVERY_CODES }, () => newDigits(RECOVERY_DIGITS).replace(/(?<=^(?:\d{4})+)(?=\d)/g, '-'))
  for (const code of made) {
    const [secret] = seals.macs(recoveryText(userId, code))
    await factors.add({ ...newFactor(needs, { userId, kind: 'recovery', name: '', secret }), confirmedAt: clock() })
  }
  return made
}

export const newRecoveryCodes =
  (needs: FactorNeeds): ChatApi['newRecoveryCodes'] =>
  async (caller, { currentPassword }) => {
    const { userId } = caller
    await requirePassword(needs, caller, currentPassword)
    await removeRecoveryCodes(needs, userId)
    return makeRecoveryCodes(needs, userId)
  }

async function removeRecoveryCodes({ factors }: Pick<Ports, 'factors'>, userId: UserId): Promise<void> {
  const old = (await factors.list(userId)).filter(({ kind }) => kind === 'recovery')
  await factors.remove(
    userId,
    old.map(({ id }) => id),
  )
}

/** With the last app or passkey the recovery codes go, too: they would be a second factor of nothing. */
export const removeFactor =
  (needs: FactorNeeds): ChatApi['removeFactor'] =>
  async (caller, { factorId, currentPassword }) => {
    const { userId } = caller
    await requirePassword(needs, caller, currentPassword)
    const all = await needs.factors.list(userId)
    const factor = all.find(({ id, kind }) => id === factorId && kind !== 'recovery')
    if (!factor || (await needs.factors.remove(userId, [factorId])) === 0) throw new Refusal('factor-not-found')
    const isLast = !all.some((other) => other.id !== factorId && other.kind !== 'recovery' && isConfirmed(other))
    if (isLast) await removeRecoveryCodes(needs, userId)
  }

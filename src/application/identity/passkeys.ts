import type { Duration, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChatApi, PasskeyOptions } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { Passkeys } from '../ports/second-factors.ts'
import { beginAnother, type SessionNeeds } from './begin-session.ts'
import { type FactorNeeds, firstRecoveryCodes, makeRoom, newFactor } from './factors.ts'
import { callerOf } from './get-me.ts'
import { requirePassword } from './password.ts'

/** How long a browser has for an answer. */
const CHALLENGE_TTL: Duration = 5 * 60_000

type Needs = FactorNeeds & Pick<Ports, 'passkeys' | 'codes' | 'newSecret'>

function passkeysOf({ passkeys }: Pick<Ports, 'passkeys'>): Passkeys {
  if (!passkeys) throw new Refusal('not-found')
  return passkeys
}

/** A challenge that is kept until its answer comes; it is taken once. `userId`: only this user may answer. */
async function challenged(
  { codes, clock, newId, newSecret }: Needs,
  userId: UserId | undefined,
  options: (challenge: string) => Promise<PasskeyOptions['options']>,
): Promise<PasskeyOptions> {
  const [challengeId, challenge] = [newId(), newSecret()]
  const expiresAt = clock() + CHALLENGE_TTL
  await codes.put({ subject: challengeId, kind: 'passkey', userId: undefined, mac: userId ?? '', target: challenge, expiresAt })
  return { challengeId, options: await options(challenge) }
}

async function takeChallenge({ codes, clock }: Needs, challengeId: string, userId: UserId | undefined): Promise<string> {
  const taken = await codes.take({ subject: challengeId, kind: 'passkey', mac: userId ?? '' }, clock())
  if (taken?.target === undefined) throw new Refusal('bad-code')
  return taken.target
}

export const passkeyCreation =
  (needs: Needs): ChatApi['passkeyCreation'] =>
  async (caller, { currentPassword }) => {
    const passkeys = passkeysOf(needs)
    const { userId } = caller
    await requirePassword(needs, caller, currentPassword)
    const { username, name } = await callerOf(needs)(caller)
    const known = (await needs.factors.list(userId)).flatMap(({ credentialId }) => credentialId ?? [])
    const user = { id: userId, name: username ?? userId, displayName: name ?? '' }
    return challenged(needs, userId, (challenge) => passkeys.creation({ challenge, user, known }))
  }

export const addPasskey =
  (needs: Needs): ChatApi['addPasskey'] =>
  async ({ userId }, { challengeId, response, name }) => {
    const passkeys = passkeysOf(needs)
    const challenge = await takeChallenge(needs, challengeId, userId)
    const created = await passkeys.created(response, challenge)
    if (!created) throw new Refusal('bad-code')
    await makeRoom(needs, userId)
    const { credentialId, publicKey, counter } = created
    const factor = {
      ...newFactor(needs, { userId, kind: 'passkey', name, secret: publicKey }),
      credentialId,
      counter,
      confirmedAt: needs.clock(),
    }
    if (!(await needs.factors.add(factor))) throw new Refusal('bad-code')
    return { factor, recoveryCodes: await firstRecoveryCodes(needs, userId) }
  }

export const passkeySignIn =
  (needs: Needs): ChatApi['passkeySignIn'] =>
  async () => {
    const passkeys = passkeysOf(needs)
    return challenged(needs, undefined, passkeys.request)
  }

/** A passkey asks for a fingerprint or a PIN: it stands for the password and a second factor. */
export const signInWithPasskey =
  (needs: Needs & SessionNeeds): ChatApi['signInWithPasskey'] =>
  async (anonymous, { challengeId, response, deviceName }) => {
    const passkeys = passkeysOf(needs)
    const { factors, people, clock } = needs
    const challenge = await takeChallenge(needs, challengeId, undefined)
    const factor = typeof response.id === 'string' ? await factors.withCredential(response.id) : undefined
    const { secret: publicKey, counter, credentialId } = factor ?? {}
    if (!factor || credentialId === undefined || publicKey === undefined || counter === undefined) throw new Refusal('bad-credentials')
    const used = await passkeys.used(response, { challenge, credentialId, publicKey, counter })
    if (used === undefined || !(await factors.use(factor.id, used, clock()))) throw new Refusal('bad-credentials')
    const user = await people.get(factor.userId)
    if (!user) throw new Refusal('bad-credentials')
    if (user.disabledAt !== undefined) throw new Refusal('person-disabled')
    return beginAnother(needs, user, { anonymous, deviceName })
  }

import { decodeProtectedHeader, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { joseTokens } from '../../../src/adapters/auth/jose-tokens.ts'
import type { Tokens } from '../../../src/application/ports/tokens.ts'
import type { SessionId, UserId } from '../../../src/domain/ids.ts'
import { handClock } from '../../support/waiting.ts'

const SECRET = 'a secret of at least thirty-two bytes'
const userId = '018f0000-0000-7000-8000-000000000001' as UserId
const sessionId = '018f0000-0000-7000-8000-000000000002' as SessionId

function scene(secret = SECRET) {
  const clock = handClock()
  const tokens = joseTokens(secret, clock.now)
  return { clock, tokens, access: () => tokens.access({ userId, sessionId, expiresAt: clock.now() + 60_000 }) }
}

interface Forgery {
  readonly alg?: string
  readonly typ?: string
  readonly kid?: string
  readonly issuer?: string
  readonly audience?: string
}

/** A token that somebody else made with the same secret. */
async function forged(claims: Record<string, unknown>, { alg = 'HS256', typ = 'at+jwt', issuer = 'windi-chat', ...rest }: Forgery = {}) {
  const { kid } = decodeProtectedHeader(await scene().access())
  const jwt = new SignJWT(claims).setProtectedHeader({ alg, typ, kid: rest.kid ?? kid! }).setIssuer(issuer)
  return jwt.setAudience(rest.audience ?? 'windi-chat').sign(new TextEncoder().encode(SECRET))
}

describe('access tokens', () => {
  it('name who they were made for, and until when', async () => {
    const { clock, tokens, access } = scene()
    expect(await tokens.verifyAccess(await access())).toEqual({ userId, sessionId, expiresAt: clock.now() + 60_000 })
  })

  it('are refused from the moment of their end, also when they were seen before', async () => {
    const { clock, tokens, access } = scene()
    const token = await access()
    clock.advance(59_999)
    await tokens.verifyAccess(token)
    clock.advance(1)
    await expect(tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'token-expired' })
    const fresh = joseTokens(SECRET, clock.now)
    await expect(fresh.verifyAccess(token)).rejects.toMatchObject({ code: 'token-expired' })
  })

  it.each(['', 'x', 'a.b.c', '\0', 'ы'.repeat(1_000)])('are not %j', async (text) => {
    await expect(scene().tokens.verifyAccess(text)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('are refused when anything in them was changed', async () => {
    const { tokens, access } = scene()
    const [header, payload, signature] = (await access()).split('.') as [string, string, string]
    const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: sessionId })).toString(
      'base64url',
    )
    for (const token of [`${header}.${other}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`])
      await expect(tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('have one spelling: neither padding nor other last characters are taken', async () => {
    const { tokens, access } = scene()
    const token = await access()
    const [header, payload, signature] = token.split('.') as [string, string, string]
    for (const other of [`${token}=`, `${header}=.${payload}.${signature}`, `${header}.${payload}==.${signature}`, `${token}.`])
      await expect(tokens.verifyAccess(other)).rejects.toMatchObject({ code: 'unauthenticated' })
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const lasts = await Promise.all(
      alphabet.split('').map((last) =>
        tokens.verifyAccess(token.slice(0, -1) + last).then(
          () => last,
          () => '',
        ),
      ),
    )
    expect(lasts.join('')).toBe(token.slice(-1))
  })

  it('of another secret are refused', async () => {
    const token = await scene('another secret of thirty-two bytes or more').access()
    await expect(scene().tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('without a signature, with another algorithm, issuer, audience, type or key, or without an end are refused', async () => {
    const { clock, tokens } = scene()
    const exp = clock.now() / 1_000 + 60
    const claims = { sub: userId, sid: sessionId, exp }
    const none = ['{"alg":"none"}', JSON.stringify({ ...claims, iss: 'windi-chat' })].map((part) => Buffer.from(part).toString('base64url'))
    const wrong = [
      `${none.join('.')}.`,
      await forged(claims, { alg: 'HS512' }),
      await forged(claims, { issuer: 'somebody-else' }),
      await forged(claims, { audience: 'something-else' }),
      await forged(claims, { typ: 'JWT' }),
      await forged(claims, { kid: 'another' }),
      await forged({ sub: userId, sid: sessionId }),
      await forged({ sub: userId, exp }),
    ]
    for (const token of wrong) await expect(tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await tokens.verifyAccess(await forged(claims))).toMatchObject({ userId })
  })
})

describe('refresh tokens', () => {
  it('are the same for the same session and generation, on every process', () => {
    const token = scene().tokens.refresh(sessionId, 7)
    expect(scene().tokens.refresh(sessionId, 7)).toBe(token)
    expect(scene().tokens.verifyRefresh(token)).toEqual({ sessionId, generation: 7 })
  })

  it('differ by generation, session and secret', () => {
    const { tokens } = scene()
    const other = scene('another secret of thirty-two bytes or more').tokens
    const all = [
      tokens.refresh(sessionId, 1),
      tokens.refresh(sessionId, 2),
      tokens.refresh(userId as string as SessionId, 1),
      other.refresh(sessionId, 1),
    ]
    expect(new Set(all).size).toBe(4)
    expect(tokens.verifyRefresh(all[3]!)).toBeUndefined()
  })

  it('that were never issued name nothing', () => {
    const { tokens } = scene()
    const token = tokens.refresh(sessionId, 1)
    const wrong = [
      '',
      'a.b.c',
      token.slice(0, -1),
      `${token}A`,
      token.replace('.1.', '.2.'),
      token.replace('.1.', '.01.'),
      token.replace('.1.', '.-1.'),
    ]
    for (const text of wrong) expect(tokens.verifyRefresh(text)).toBeUndefined()
  })

  it('have one spelling only', () => {
    const { tokens } = scene()
    const token = tokens.refresh(sessionId, 1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const accepted = alphabet.split('').filter((last) => tokens.verifyRefresh(token.slice(0, -1) + last) !== undefined)
    expect(accepted).toEqual([token.at(-1)])
  })
})

describe('a secret', () => {
  const NEXT = 'the secret that comes after the first one'

  it('can be replaced while sessions go on: of two the first signs, and both are taken', async () => {
    const { now } = handClock()
    const claims = { userId, sessionId, expiresAt: now() + 60_000 }
    const [before, added, used, after] = [SECRET, [SECRET, NEXT], [NEXT, SECRET], NEXT].map((secrets) => joseTokens(secrets, now)) as [
      Tokens,
      Tokens,
      Tokens,
      Tokens,
    ]
    const takes = async (taker: Tokens, giver: Tokens) => {
      const isAccess = await taker.verifyAccess(await giver.access(claims)).then(
        () => true,
        () => false,
      )
      expect(taker.verifyRefresh(giver.refresh(sessionId, 3)) !== undefined).toBe(isAccess)
      return isAccess
    }
    expect(
      await Promise.all([takes(before, added), takes(added, before), takes(added, used), takes(used, added), takes(after, used)]),
    ).toEqual([true, true, true, true, true])
    expect(await Promise.all([takes(before, used), takes(after, before), takes(after, added)])).toEqual([false, false, false])
  })
})

it('refuses a secret that is too short', () => {
  expect(() => joseTokens('short', Date.now)).toThrow('32 bytes')
})

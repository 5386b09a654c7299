import { describe, expect, it } from 'vitest'
import { newResetCode, newVerifyCode, RESET_TTL, resetCode, verifiedAddress } from '../../../src/application/identity/codes.ts'
import { id } from '../domain/given.ts'
import { accounts, DAY, MINUTE, outcome } from './accounts.ts'

const [ann, bob] = [id('ann'), id('bob')]
const badCode = { code: 'bad-code' }

describe('a code that verifies an address', () => {
  const made = async () => {
    const { ports, clock } = accounts()
    const code = await newVerifyCode(ports, ann, 'ann@example.com')
    const verify = (given = code, who = ann) => verifiedAddress(ports, who, given)
    return { ports, clock, code, verify }
  }

  it('has six digits, and is good once, for its user', async () => {
    const { code, verify } = await made()
    expect(code).toMatch(/^\d{6}$/)
    await expect(verify(code, bob)).rejects.toMatchObject(badCode)
    expect(await verify(` ${code}\n`)).toBe('ann@example.com')
    await expect(verify()).rejects.toMatchObject(badCode)
  })

  it('is good for half an hour', async () => {
    const [early, late] = [await made(), await made()]
    early.clock.advance(30 * MINUTE - 1)
    expect(await early.verify()).toBe('ann@example.com')
    late.clock.advance(30 * MINUTE)
    await expect(late.verify()).rejects.toMatchObject(badCode)
  })

  it('may be missed four times, and gives way to a later one', async () => {
    const { ports, code, verify } = await made()
    for (let i = 0; i < 4; i++) expect(await outcome(verify('wrong'))).toBe('bad-code')
    expect(await verify()).toBe('ann@example.com')
    const other = await made()
    for (let i = 0; i < 5; i++) expect(await outcome(other.verify('wrong'))).toBe('bad-code')
    await expect(other.verify()).rejects.toMatchObject(badCode)
    const next = await newVerifyCode(ports, ann, 'anna@example.com')
    await expect(verify(code)).rejects.toMatchObject(badCode)
    expect(await verify(next)).toBe('anna@example.com')
  })

  it('that another call has used meanwhile is used', async () => {
    const { ports, code } = await made()
    const codes = { ...ports.codes, take: async () => undefined }
    await expect(verifiedAddress({ ...ports, codes }, ann, code)).rejects.toMatchObject(badCode)
  })
})

describe('a code for a new password', () => {
  it('names its user, however it is written, and is used once', async () => {
    const { ports } = accounts()
    const code = await newResetCode(ports, ann, MINUTE)
    const [one, other] = [await resetCode(ports, ` ${code} `), await resetCode(ports, code)]
    expect([one.userId, other.userId]).toEqual([ann, ann])
    await one.use()
    await expect(other.use()).rejects.toMatchObject(badCode)
    await expect(resetCode(ports, code)).rejects.toMatchObject(badCode)
    await expect(resetCode(ports, 'made up')).rejects.toMatchObject(badCode)
  })

  it('replaces no code of another user, and holds as long as it was made for', async () => {
    const { ports, clock } = accounts()
    const [ofAnn, ofBob] = [await newResetCode(ports, ann, MINUTE), await newResetCode(ports, bob, 2 * MINUTE)]
    clock.advance(MINUTE)
    await expect(resetCode(ports, ofAnn)).rejects.toMatchObject(badCode)
    const { userId, use } = await resetCode(ports, ofBob)
    expect(userId).toBe(bob)
    clock.advance(MINUTE)
    await expect(use()).rejects.toMatchObject(badCode)
    expect(RESET_TTL).toEqual({ mailed: 30 * MINUTE, byStaff: DAY })
  })

  it('may be looked at twenty times', async () => {
    const { ports } = accounts()
    const code = await newResetCode(ports, ann, MINUTE)
    for (let i = 0; i < 20; i++) expect((await resetCode(ports, code)).userId).toBe(ann)
    await expect(resetCode(ports, code)).rejects.toMatchObject(badCode)
  })

  it('is found also where it was made with the secret before', async () => {
    const { ports } = accounts()
    const code = await newResetCode(ports, ann, MINUTE)
    const seals = { ...ports.seals, macs: (text: string) => [`new ${text}`, text] as const }
    const { userId, use } = await resetCode({ ...ports, seals }, code)
    expect(userId).toBe(ann)
    await use()
    await expect(resetCode(ports, code)).rejects.toMatchObject(badCode)
  })
})

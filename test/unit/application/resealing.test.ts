import { describe, expect, it } from 'vitest'
import { derivedSeals } from '../../../src/adapters/auth/seals.ts'
import { memoryFactors } from '../../../src/adapters/memory/accounts/factors.ts'
import { resealFactors } from '../../../src/application/identity/reseal.ts'
import type { Factor } from '../../../src/domain/factor.ts'
import type { UserId } from '../../../src/domain/ids.ts'

const COUNT = 450
const [old, next, later] = ['o', 'n', 'l'].map((letter) => letter.repeat(32)) as [string, string, string]
const secretOf = (i: number) => `SECRET${i}`

async function kept() {
  const factors = memoryFactors({ factors: new Map() } as unknown as Parameters<typeof memoryFactors>[0])
  const seals = derivedSeals(old)
  for (let i = 0; i < COUNT; i++) {
    const id = String(i).padStart(4, '0')
    await factors.add({ id, userId: 'ann' as UserId, kind: 'totp', secret: seals.seal(secretOf(i)), createdAt: i } as Factor)
  }
  const opened = async (secrets: string | readonly string[]) =>
    (await factors.list('ann' as UserId)).filter(({ secret }, i) => derivedSeals(secrets).open(secret) === secretOf(i)).length
  return { factors, opened }
}

describe('sealing again', () => {
  it('lets the secret before go, and does nothing the second time', async () => {
    const { factors, opened } = await kept()
    expect(await opened(next)).toBe(0)
    const seals = derivedSeals([next, old])
    expect(await resealFactors({ factors, seals })).toBe(COUNT)
    expect(await opened(next)).toBe(COUNT)
    expect(await resealFactors({ factors, seals })).toBe(0)
  })

  it('leaves what no secret opens as it is, and ends', async () => {
    const { factors, opened } = await kept()
    expect(await resealFactors({ factors, seals: derivedSeals([later, next]) })).toBe(0)
    expect(await opened(old)).toBe(COUNT)
  })
})

import { describe, expect, it } from 'vitest'
import { argon2Passwords } from '../../../src/adapters/auth/argon2-passwords.ts'
import { isCommonPassword } from '../../../src/adapters/auth/common-passwords.ts'

const cheap = { memoryCost: 1_024, timeCost: 2 }

describe('passwords', () => {
  it('are recognised by their hash, which is salted', async () => {
    const passwords = argon2Passwords(cheap)
    const [one, other] = await Promise.all([passwords.hash('пароль пароль'), passwords.hash('пароль пароль')])
    expect(one).not.toBe(other)
    expect(one).toMatch(/^\$argon2id\$v=19\$m=1024,(t=2,p=1|p=1,t=2)\$/)
    expect(await passwords.verify(one, 'пароль пароль')).toBe(true)
    expect(await passwords.verify(one, 'пароль парол')).toBe(false)
  })

  it('of nobody are never right', async () => {
    expect(await argon2Passwords(cheap).verify(undefined, '')).toBe(false)
  })

  it('cost as much for nobody as for somebody', async () => {
    const passwords = argon2Passwords({ memoryCost: 8_192, timeCost: 2 })
    const hash = await passwords.hash('somebody')
    const cpu = async (stored: string | undefined) => {
      const before = process.cpuUsage()
      for (let i = 0; i < 10; i++) await passwords.verify(stored, 'a guess')
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cpu(hash)
    const [somebody, nobody] = [await cpu(hash), await cpu(undefined)]
    expect(nobody).toBeGreaterThan(somebody / 2)
    expect(nobody).toBeLessThan(somebody * 2)
  })

  it('refuse to pile up', async () => {
    const passwords = argon2Passwords({ ...cheap, running: 1, waiting: 2 })
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((password) => passwords.hash(password)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(outcomes[3]).toMatchObject({ reason: { code: 'overloaded' } })
    expect(await passwords.hash('again')).toContain('argon2id')
  })
})

describe('the commonest passwords', () => {
  it.each(['password', '12345678', 'Password123', 'QWERTYUIOP', 'iloveyou', 'aaaaaaaaaa', 'йцукенгшщз'])(
    'have %s among them',
    (password) => {
      expect(isCommonPassword(password)).toBe(true)
    },
  )

  it.each(['correct horse battery staple', 'b7Kq-vvz2-9Lmw', 'любимый город может спать'])('do not have %s among them', (password) => {
    expect(isCommonPassword(password)).toBe(false)
  })
})

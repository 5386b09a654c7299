import { describe, expect, it } from 'vitest'
import { isCommonPassword } from '../../../src/adapters/auth/common-passwords.ts'
import { isPassword } from '../../../src/application/identity/password.ts'
import { checkedPassword, isMadeOfNames, opaque } from '../../../src/domain/password.ts'

const rules = { isCommonPassword, names: ['Anna Petrova', 'anna', 'anna.petrova', 'example.com'] }

describe('a password', () => {
  it.each([
    ['composed and decomposed', 'Cafe\u0301 au lait', 'Café au lait'],
    ['with any kind of blank', 'one\u00a0two\u3000three', 'one two three'],
  ])('is the same %s (RFC 8265)', (_, given, form) => expect(opaque(given)).toBe(form))

  it('keeps its case and the width of its letters', () => expect(opaque('Ａa Ⅳ')).toBe('Ａa Ⅳ'))

  it.each(['anna2024', 'Anna!Petrova', 'petrova-1999', 'windi-chat', 'WindiChat123', 'annaexample.com', 'anna.petrova@example.com'])(
    'is not made of names: %s',
    (password) => {
      expect(isMadeOfNames(password, rules.names)).toBe(true)
      expect(() => checkedPassword(password, rules)).toThrow(expect.objectContaining({ code: 'invalid' }))
    },
  )

  it.each(['annabellas-giraffe', 'a battery of correct horses', '83649-27461-99', 'любимый город', 'sushi chat tonight'])(
    'may be %s',
    (password) => expect(checkedPassword(password, rules)).toBe(password),
  )

  it.each(['password1', 'qwertyuiop', 'iloveyou', 'trustno1', 'superman1', 'voxstrange', 'ka12rm12'])('is not common: %s', (password) =>
    expect(() => checkedPassword(password, rules)).toThrow(expect.objectContaining({ code: 'invalid' })),
  )

  it.each(['with a \u0007 bell', 'with half \ud83d a pair', 'short'])('is not %j', (password) =>
    expect(() => checkedPassword(password, rules)).toThrow(expect.objectContaining({ code: 'invalid' })),
  )

  it('is right in every spelling, also where its hash is older than the one form', async () => {
    const verify = async (hash: string | undefined, given: string) => hash === given
    const passwords = { verify, hash: async (given: string) => given }
    const check = (hash: string, password: string) => isPassword({ passwords }, hash, { password, owner: 'here' })
    expect(await check('Café au lait', 'Cafe\u0301 au lait')).toBe(true)
    expect(await check('Cafe\u0301 au lait', 'Cafe\u0301 au lait')).toBe(true)
    expect(await check('Cafe\u0301 au lait', 'Cafe au lait')).toBe(false)
  })
})

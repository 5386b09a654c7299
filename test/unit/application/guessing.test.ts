import { describe, expect, it } from 'vitest'
import { asGuess, guessedFrom, KNOWN_FOR } from '../../../src/application/identity/guessing.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { id } from '../domain/given.ts'
import { accounts, DAY, HOUR, MINUTE, outcome } from './accounts.ts'

const ann = id('ann')
const tooMany = (retryAfterMs: number, quota: number, windowMs: number) => ({
  code: 'too-many-requests',
  facts: { retryAfterMs, policy: { name: 'login', quota, windowMs } },
})

function guessing() {
  const { ports, clock, store } = accounts()
  let checks = 0
  const guess = (isRight: boolean, address: string | undefined = '192.0.2.7', more: object = {}) =>
    asGuess(ports, { userId: ann, login: 'ann', address, ...more }, async () => {
      checks++
      return isRight
    })
  const checked = () => {
    const count = checks
    checks = 0
    return count
  }
  return { ports, clock, guess, checked, store }
}

describe('the network of a guess', () => {
  it('is a whole one, or this process', () => {
    expect(['192.0.2.7', '192.0.2.200', '192.0.3.1', undefined].map(guessedFrom)).toEqual([
      '192.0.2.0/24',
      '192.0.2.0/24',
      '192.0.3.0/24',
      'this process',
    ])
  })
})

describe('wrong passwords', () => {
  it('are ten from one network within a minute, whatever its address, then it is closed, longer each time', async () => {
    const { clock, guess, checked } = guessing()
    for (let i = 0; i < 10; i++) expect(await guess(false, `192.0.2.${i}`)).toBe(false)
    expect(checked()).toBe(10)
    await expect(guess(true)).rejects.toMatchObject(tooMany(MINUTE, 10, MINUTE))
    expect(checked()).toBe(0)
    for (const minutes of [2, 4, 8, 15, 15]) {
      clock.advance(15 * MINUTE)
      expect(await guess(false)).toBe(false)
      await expect(guess(true)).rejects.toMatchObject(tooMany(minutes * MINUTE, 10, MINUTE))
    }
    expect(await guess(true, '198.51.100.7')).toBe(true)
  })

  it('are forgotten after a minute, where there were fewer', async () => {
    const { clock, guess } = guessing()
    for (let i = 0; i < 9; i++) await guess(false)
    clock.advance(MINUTE)
    for (let i = 0; i < 10; i++) expect(await guess(false)).toBe(false)
    expect(await outcome(guess(false))).toBe('too-many-requests')
  })

  it('are a hundred from all networks within an hour; then those stay open from which the user was signed in', async () => {
    const { ports, clock, guess, checked } = guessing()
    await ports.networks.note(ann, '192.0.2.0/24', clock.now())
    for (let i = 0; i < 100; i++) await guess(false, `10.0.${i}.1`)
    checked()
    await expect(guess(true, '10.1.0.1')).rejects.toMatchObject(tooMany(HOUR, 100, HOUR))
    expect(checked()).toBe(0)
    expect(await guess(true)).toBe(true)
    clock.advance(HOUR)
    expect(await guess(true, '10.1.0.1')).toBe(true)
  })

  it('close for a login of nobody every network, for nobody is known from one', async () => {
    const { guess } = guessing()
    const nobody = { userId: undefined, login: 'nobody' }
    for (let i = 0; i < 100; i++) await guess(false, `10.0.${i}.1`, nobody)
    expect(await outcome(guess(false, '10.1.0.1', nobody))).toBe('too-many-requests')
    expect(await guess(false, '10.1.0.1', { userId: undefined, login: 'somebody' })).toBe(false)
  })

  it('know a network for ninety days', async () => {
    expect(KNOWN_FOR).toBe(90 * DAY)
    const { ports, clock, guess } = guessing()
    await ports.networks.note(ann, '192.0.2.0/24', clock.now())
    clock.advance(90 * DAY)
    for (let i = 0; i < 100; i++) await guess(false, `10.0.${i}.1`)
    expect(await guess(true)).toBe(true)
    clock.advance(1)
    expect(await outcome(guess(true))).toBe('too-many-requests')
  })

  it('are none where the password was right, was not compared, or could not be', async () => {
    const { ports, guess, store } = guessing()
    for (let i = 0; i < 30; i++) expect(await guess(true)).toBe(true)
    const failing = () =>
      asGuess(ports, { userId: ann, login: 'ann', address: '192.0.2.7' }, () => Promise.reject(new Refusal('overloaded')))
    for (let i = 0; i < 30; i++) expect(await outcome(failing())).toBe('overloaded')
    expect([...store.accounts.tallies.values()].map(({ count }) => count)).toEqual([0, 0])
    for (let i = 0; i < 10; i++) await guess(false)
    expect(await outcome(guess(true))).toBe('too-many-requests')
    expect([...store.accounts.tallies.values()].map(({ count }) => count)).toEqual([10, 10])
  })

  it('are counted by what an operator says counts, if there is such a thing', async () => {
    const { ports, store } = guessing()
    const other = accounts()
    const limitTallies = other.ports.tallies
    const guess = { userId: ann, login: 'ann', address: undefined }
    expect(await asGuess({ ...ports, limitTallies }, guess, async () => false)).toBe(false)
    expect([store.accounts.tallies.size, other.store.accounts.tallies.size]).toEqual([0, 2])
  })
})

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../support/places.ts'
import { eventually, handClock } from '../support/waiting.ts'

describe('eventually', () => {
  it('answers what the assertion answers once it holds', async () => {
    let tries = 0
    const third = eventually(() => {
      tries += 1
      expect(tries).toBe(3)
      return `after ${tries}`
    })
    await expect(third).resolves.toBe('after 3')
  })

  it('gives up with the last complaint', async () => {
    let tries = 0
    const never = eventually(() => Promise.reject(new Error(`no ${(tries += 1)}`)), { timeoutMs: 30 })
    await expect(never).rejects.toThrow(/^no \d+$/)
    expect(tries).toBeGreaterThan(1)
  })
})

describe('a clock moved by hand', () => {
  it('stands still between moves', () => {
    const clock = handClock(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(250)
    expect([clock.now(), clock.now()]).toEqual([1_250, 1_250])
  })
})

describe('a temporary folder', () => {
  it('is gone when its user is', async () => {
    let path: string
    {
      await using folder = await tempFolder()
      path = folder.path
      expect(existsSync(path)).toBe(true)
    }
    expect(existsSync(path)).toBe(false)
  })
})

import { afterAll, describe, expect, it } from 'vitest'
import { fakeServer } from '../../src/testing.ts'
import { overClient } from './client.ts'
import { overHttp } from './http.ts'
import { rules } from './rules.ts'

const { url, clock, device } = fakeServer()
const { platform } = device()
const drivers = { 'over its calls': overHttp(url, platform.fetch), 'with the client': overClient(url, platform) }

// Its clock runs by itself, faster than that of the wall.
const running = setInterval(() => void clock.advance(10), 1)

describe('the service to test against', () => {
  afterAll(async () => {
    for (const driver of Object.values(drivers)) await driver.close()
    clearInterval(running)
  })

  describe.each(Object.entries(drivers))('%s', (_, driver) => {
    it.each(Object.entries(rules))('%s', async (__, rule) => {
      expect.hasAssertions()
      await rule(driver)
    })
  })
})

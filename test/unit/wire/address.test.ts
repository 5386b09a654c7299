import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../src/adapters/wire/address.ts'

const seen = (forwarded: string | string[] | undefined, proxies: number, remoteAddress: string | undefined = '10.0.0.1') =>
  addressOf({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }, proxies)

describe('who is at the other end', () => {
  it('is the connection’s other end, in one spelling, where no proxy is trusted', () => {
    expect(seen('203.0.113.9', 0)).toBe('10.0.0.1')
    expect(seen(undefined, 0, '::ffff:10.0.0.2')).toBe('10.0.0.2')
    expect(seen(undefined, 0, '::1')).toBe('::1')
    expect(addressOf({ headers: {}, socket: {} }, 0)).toBe('')
  })

  it.each([
    ['198.51.100.1, 203.0.113.9', 1, '203.0.113.9'],
    [['198.51.100.1', '203.0.113.9'], 2, '198.51.100.1'],
    ['198.51.100.1, , 203.0.113.9,', 2, '198.51.100.1'],
    ['203.0.113.9', 3, '203.0.113.9'],
    ['::ffff:203.0.113.9', 1, '203.0.113.9'],
    ['2001:db8::1', 1, '2001:db8::1'],
  ])('is what %j says by the word of %i proxies', (forwarded, proxies, address) => {
    expect(seen(forwarded, proxies)).toBe(address)
  })

  it.each([undefined, '', ', ', 'unknown', '203.0.113.9:80', '203.0.113', '<script>'])('is the proxy where it says %j', (forwarded) => {
    expect(seen(forwarded, 1)).toBe('10.0.0.1')
  })
})

import { describe, expect, it } from 'vitest'
import { areKeys, encrypted } from '../../../src/adapters/push/encrypt.ts'
import { vapid } from '../../../src/adapters/push/vapid.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

describe('encryption for Web Push', () => {
  it('is that of the example in RFC 8291', () => {
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    }
    const chance = { salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'), privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') }
    expect(encrypted(Buffer.from('When I grow up, I want to be a watermelon'), keys, chance).toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    )
    expect(areKeys(keys)).toBe(true)
    expect(areKeys({ ...keys, auth: 'AAAA' })).toBe(false)
    expect(areKeys({ ...keys, p256dh: bytes(keys.p256dh).fill(7, 1).toString('base64url') })).toBe(false)
  })

  it('names the server by a key that its secret makes, and asks for a new token in time', async () => {
    let now = Date.UTC(2030, 0, 1)
    const make = () => vapid({ secret: 'a secret of at least thirty-two bytes', contact: 'mailto:a@b.c', clock: () => now })
    const one = make()
    expect(make().key).toBe(one.key)
    expect(bytes(one.key)).toHaveLength(65)
    const header = await one.header('https://push.example.com')
    const [, token] = /^vapid t=([^,]+), k=(.+)$/.exec(header)!
    const claims = JSON.parse(bytes(token!.split('.')[1]!).toString()) as object
    expect(claims).toEqual({ aud: 'https://push.example.com', sub: 'mailto:a@b.c', exp: now / 1_000 + 43_200 })
    expect(await one.header('https://push.example.com')).toBe(header)
    now += 11.5 * 3_600_000
    expect(await one.header('https://push.example.com')).not.toBe(header)
  })
})

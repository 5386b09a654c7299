import { describe, expect, it } from 'vitest'
import { platformOf } from '../../../src/client/platform/platform.ts'

describe('the surroundings as they are', () => {
  it('let one work of a name at a time, in one program', async () => {
    const { lock } = platformOf({})
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      return name
    }
    expect(await Promise.all([lock('same', work('one')), lock('same', work('two'))])).toEqual(['one', 'two'])
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
    await expect(lock('same', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await lock('same', work('three'))).toBe('three')
  })

  it('make ids that are UUIDs, without a secure origin', () => {
    const ids = Array.from({ length: 100 }, () => platformOf({}).newId())
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('carry words between tabs', async () => {
    const [one, other] = [platformOf({}).channel('words'), platformOf({}).channel('words')]
    const heard = new Promise((resolve) => other.listen(resolve))
    one.post({ said: 'hello' })
    expect(await heard).toEqual({ said: 'hello' })
    one.close()
    other.close()
  })
})

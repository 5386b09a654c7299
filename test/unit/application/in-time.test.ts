import { describe, expect, it } from 'vitest'
import { inTime } from '../../../src/application/in-time.ts'

/** Waits that end by hand. */
function waits() {
  const due: { readonly run: () => void; readonly wait: number }[] = []
  return { due, later: (run: () => void, wait: number) => void due.push({ run, wait }) }
}

describe('the code of the host', () => {
  it('answers, at once or later, or throws', async () => {
    const { later } = waits()
    expect(await inTime({ later }, () => 1)).toBe(1)
    expect(await inTime({ later }, async () => 2)).toBe(2)
    const broken = () => {
      throw new Error('broken')
    }
    await expect(inTime({ later }, broken)).rejects.toThrow('broken')
  })

  it('has a second and a half', async () => {
    const { due, later } = waits()
    const answer = inTime({ later }, () => new Promise<never>(() => {}))
    expect(due.map(({ wait }) => wait)).toEqual([1_500])
    due[0]!.run()
    await expect(answer).rejects.toMatchObject({ code: 'overloaded' })
  })
})

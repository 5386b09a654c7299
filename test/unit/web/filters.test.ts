import { describe, expect, it } from 'vitest'
import { isWanted } from '../../../web/finding/filters.ts'

const message = (text: string, kinds: readonly string[] = [], at = new Date(2026, 2, 5, 23, 59).getTime()) =>
  ({ text, at, attachments: kinds.map((kind) => ({ file: { kind } })) }) as unknown as Parameters<typeof isWanted>[0]
const any = { has: 'any', until: undefined } as const

describe('a message that was found', () => {
  it('has what is wanted', () => {
    const [plain, link, photo, sound] = [
      message('plan'),
      message('plan https://example.org'),
      message('', ['image']),
      message('', ['audio']),
    ]
    const passing = (has: 'any' | 'link' | 'file' | 'image') => [plain, link, photo, sound].map((one) => isWanted(one, { ...any, has }))
    expect(passing('any')).toEqual([true, true, true, true])
    expect(passing('link')).toEqual([false, true, false, false])
    expect(passing('file')).toEqual([false, false, true, true])
    expect(passing('image')).toEqual([false, false, true, false])
  })

  it('was sent on the day or before it', () => {
    const days = ['2026-03-04', '2026-03-05', '2026-03-06']
    expect(days.map((until) => isWanted(message('plan'), { ...any, until }))).toEqual([false, true, true])
    expect(isWanted(message('plan', [], new Date(2026, 2, 6).getTime()), { ...any, until: '2026-03-05' })).toBe(false)
  })
})

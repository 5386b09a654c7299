import { describe, expect, it } from 'vitest'
import { asyncapi } from '../../../src/adapters/wire/asyncapi.ts'
import { closes } from '../../../src/adapters/wire/closes.ts'
import { explanations } from '../../../src/adapters/wire/explanations.ts'
import { openapi } from '../../../src/adapters/wire/openapi.ts'
import { problems } from '../../../src/adapters/wire/problems.ts'

/** Words that leave open who acts, British spellings, and figures of speech. */
const AVOIDED =
  /\b(one['’]s|oneself|somebody|someone|whoever|nobody|everybody|anybody|e-mails?|for ever|anew|take[sn]? away|be forgotten|told|spelt|misspelt|colour|recognise|please)\b/i

/** A value of the contract, not a word of a sentence. */
const VALUES = new Set(['nobody'])

const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return VALUES.has(value) ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

describe('public texts', () => {
  it.each(Object.entries({ openapi: openapi({ version: '1' }), asyncapi: asyncapi({ version: '1' }), problems, explanations, closes }))(
    'of %s name who acts, in plain American English',
    (_, source) => {
      expect(texts(source).filter((text) => AVOIDED.test(text))).toEqual([])
    },
  )

  it('would be noticed otherwise', () => {
    expect(texts({ a: ['Somebody has this e-mail', 'fine'], b: { c: 'one’s own' } }).filter((text) => AVOIDED.test(text))).toHaveLength(2)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataOf, isKind, plainText } from '../../../src/client/content.ts'

declare module '../../../src/client/types/kinds.ts' {
  // biome-ignore lint: merged
  interface MessageKinds {
    'test.poll': { readonly question: string }
  }
}

describe('the plain text of a message', () => {
  it.each([
    ['as typed', 'as typed'],
    ['**bold** and *italic*, _too_, ~~gone~~', 'bold and italic, too, gone'],
    ['snake_case_name and 2*3*4', 'snake_case_name and 2*3*4'],
    ['`**code**` stays', '**code** stays'],
    ['before\n```ts\nconst a = 1\nconst b = 2\n```\nafter', 'before\nconst a = 1\nafter'],
    ['it was ||the butler||!', 'it was ▒▒▒!'],
    ['> quoted\n> twice\nsaid', 'quoted\ntwice\nsaid'],
    ['[label](https://example.org/a_b) [mail](mailto:a@b.c)', 'label mail'],
    ['[label](javascript:alert(1))', '[label](javascript:alert(1))'],
    ['**bold *and italic* in it**', 'bold and italic in it'],
    ['** not bold ** and *not closed', '** not bold ** and *not closed'],
    ['```\nnever closed', '```\nnever closed'],
  ])('of %j is %j', (text, plain) => {
    expect(plainText(text, 'markdown')).toBe(plain)
  })

  it('is the text itself where it has no format', () => {
    expect(plainText('**as** ||typed||', 'text')).toBe('**as** ||typed||')
  })

  it('makes no character that was not there, but those of a spoiler', () => {
    const marks = fc.array(fc.constantFrom('**', '*', '_', '~~', '`', '||', '```\n', '\n', '> ', '[a](https://b)', 'x', ' ', 'ё'), {
      maxLength: 60,
    })
    const isPart = (part: string, whole: string) => {
      let at = 0
      for (const char of part.replaceAll('▒', '')) if ((at = whole.indexOf(char, at) + 1) === 0) return false
      return true
    }
    const property = fc.property(marks, (parts) => isPart(plainText(parts.join(''), 'markdown'), parts.join('')))
    expect(fc.check(property)).toMatchObject({ failed: false })
  })

  it.each(['**', '*a', '_a ', '~~a', '`', '||a', '[', '[a](', '> ', '```\n'])('takes little time over thousands of %j', (mark) => {
    const text = mark.repeat(4_096 / mark.length)
    const start = performance.now()
    plainText(text, 'markdown')
    expect(performance.now() - start).toBeLessThan(200)
  })
})

describe('custom data', () => {
  const message = { kind: 'test.poll', data: { question: 'Tea?' } }

  it('is typed by the kinds that an application adds', () => {
    expect(isKind(message, 'test.poll') && message.data.question).toBe('Tea?')
    expect(isKind({ kind: 'other', data: undefined }, 'test.poll')).toBe(false)
  })

  it('is read by a schema, and is undefined where it does not fit', () => {
    const schema = z.object({ question: z.string() })
    expect(dataOf(message, schema)?.question).toBe('Tea?')
    expect(dataOf({ data: { question: 1 } }, schema)).toBeUndefined()
    expect(dataOf({ data: undefined }, schema)).toBeUndefined()
    expect(() => dataOf(message, z.object({ question: z.string().refine(async () => true) }))).toThrow('synchron')
  })
})

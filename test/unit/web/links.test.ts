import { describe, expect, it } from 'vitest'
import { linksOf, shownAddress } from '../../../web/timeline/format/links.ts'

const found = (text: string) => linksOf(text).map(({ start, end }) => text.slice(start, end))

describe('a link', () => {
  it.each([
    ['«https://example.com/q»', 'https://example.com/q'],
    ['“https://example.com”', 'https://example.com'],
    ['‘https://example.com’', 'https://example.com'],
    ['„https://example.com“', 'https://example.com'],
    ['https://example.com…', 'https://example.com'],
    ['https://example.com/路径。然后', 'https://example.com/路径'],
    ['https://example.com/路径，然后', 'https://example.com/路径'],
    ['「https://example.com/a」と', 'https://example.com/a'],
    ['（https://example.com/a）', 'https://example.com/a'],
    ['[https://e.com/a]', 'https://e.com/a'],
    ['<https://e.com>', 'https://e.com'],
    ['{https://e.com/x}', 'https://e.com/x'],
    ['(see https://e.com/a_(b))', 'https://e.com/a_(b)'],
    ['https://e.com/a[1]', 'https://e.com/a[1]'],
    ['https://пример.рф/путь', 'https://пример.рф/путь'],
    ['https://пример.рф/путь?!', 'https://пример.рф/путь'],
    ['https://例え.jp/x', 'https://例え.jp/x'],
    ['https://e.com/a/', 'https://e.com/a/'],
    ['https://e.com/#top', 'https://e.com/#top'],
    ['https://e.com/a?b=1&c=2.', 'https://e.com/a?b=1&c=2'],
    ['HTTPS://E.COM', 'HTTPS://E.COM'],
    ['**https://e.com/a**', 'https://e.com/a'],
    ['||https://e.com||', 'https://e.com'],
    ['www.example.org, yes', 'www.example.org'],
    ['write to ann@example.org.', 'ann@example.org'],
    ['mailto:ann@example.org', 'mailto:ann@example.org'],
    ['https://e.com/don’t', 'https://e.com/don’t'],
  ])('in %s is %s', (text, address) => {
    expect(found(text)).toEqual([address])
  })

  it.each([
    'javascript:alert(1)',
    'xhttps://e.com',
    'https://',
    'http://.',
    'data:text/html,x',
    'a@b',
    'www.x',
    'file:///etc/passwd',
    '3:45',
  ])('is not in %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('shows what turns the direction of a text, escaped', () => {
    expect(shownAddress('https://e.com/\u202egpj.exe')).toBe('https://e.com/%E2%80%AEgpj.exe')
  })

  it('is found in time proportional to the text', () => {
    const text = 'https://('.repeat(455) + '.'.repeat(4_096)
    linksOf(text)
    const begun = performance.now()
    linksOf(text)
    expect(performance.now() - begun).toBeLessThan(50)
  })
})

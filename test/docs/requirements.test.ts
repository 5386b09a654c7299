import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${root}docs/security.md`, 'utf8')

/** How many requirements of levels 1 and 2 each section of ASVS 5.0 has; a list where the numbers have gaps, which are those of level 3. */
const sections: Readonly<Record<string, number | readonly number[]>> = {
  '1.1': 2,
  '1.2': 9,
  '1.3': 11,
  '1.4': 3,
  '1.5': 2,
  '2.1': 3,
  '2.2': 3,
  '2.3': 4,
  '2.4': 1,
  '3.2': 2,
  '3.3': 4,
  '3.4': 6,
  '3.5': 5,
  '3.7': 2,
  '4.1': 3,
  '4.2': 1,
  '4.3': 2,
  '4.4': 4,
  '5.1': 1,
  '5.2': 3,
  '5.3': 2,
  '5.4': 3,
  '6.1': 3,
  '6.2': 12,
  '6.3': 4,
  '6.4': 4,
  '6.5': 5,
  '6.6': 3,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 2,
  '7.6': 2,
  '8.1': 2,
  '8.2': 3,
  '8.3': 1,
  '8.4': 1,
  '9.1': 3,
  '9.2': 4,
  '10.1': 2,
  '10.2': 2,
  '10.3': 4,
  '10.4': 11,
  '10.5': 5,
  '10.6': 2,
  '10.7': 3,
  '11.1': 2,
  '11.2': 3,
  '11.3': 3,
  '11.4': 4,
  '11.5': 1,
  '11.6': 1,
  '12.1': 3,
  '12.2': 2,
  '12.3': 4,
  '13.1': 1,
  '13.2': 5,
  '13.3': 2,
  '13.4': 5,
  '14.1': 2,
  '14.2': 4,
  '14.3': 3,
  '15.1': 3,
  '15.2': 3,
  '15.3': 7,
  '16.1': 1,
  '16.2': 5,
  '16.3': 4,
  '16.4': 3,
  '16.5': 3,
  '17.1': 1,
  '17.2': 4,
  '17.3': 2,
} // prettier-ignore

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const all = Object.entries(sections).flatMap(([section, numbers]) =>
  (typeof numbers === 'number' ? upTo(numbers) : numbers).map((number) => `${section}.${number}`),
)

/** `1.2.6–1.2.8, 1.3.1` names four. */
function named(cell: string): string[] {
  return cell.split(',').flatMap((part) => {
    const [from = '', to = from] = part.trim().split('–')
    const section = from.slice(0, from.lastIndexOf('.'))
    const [first, last] = [from, to].map((number) => Number(number.split('.').at(-1))) as [number, number]
    return upTo(last - first + 1).map((i) => `${section}.${first + i - 1}`)
  })
}

const cells = [...text.matchAll(/^\| (\d+\.\d+\.\d+[^|]*) \|/gm)].map(([, cell]) => cell!)

it('every requirement of ASVS 5.0 of levels 1 and 2 has a line, and one only', () => {
  const lines = cells.flatMap(named)
  expect(lines.toSorted()).toEqual(all.toSorted())
  expect(lines.length).toBeGreaterThan(200)
})

it('every risk of the API Top 10 has a line with what meets it', () => {
  for (const risk of upTo(10)) expect(text).toMatch(new RegExp(`^\\| API${risk} .+\\| .+ \\| \``, 'm'))
})

/** Files of the project that a page names: in code, or as links from where the page is. */
function filesNamed(page: string, content: string): string[] {
  const inCode = [...content.matchAll(/`((?:src|test|deploy|docs|web|bench|tools)\/[^`\s*{]+|Dockerfile|\.dockerignore)`/g)].map(
    ([, file]) => file!,
  )
  const linked = [...content.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, link]) => posix.join(posix.dirname(page), link!))
  return [...inCode, ...linked]
}
const missing = (page: string, content: string) => filesNamed(page, content).filter((file) => !existsSync(root + file))

const pages = [
  'SECURITY.md',
  'docs/security.md',
  ...readdirSync(`${root}docs/operate`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/operate/${name}`),
]

it.each(pages)('every file that %s names exists', (page) => {
  const content = readFileSync(root + page, 'utf8')
  expect(filesNamed(page, content).length).toBeGreaterThan(0)
  expect(missing(page, content)).toEqual([])
})

it('a file that is not there would be found', () => {
  expect(filesNamed('docs/security.md', text).length).toBeGreaterThan(60)
  expect(missing('docs/operate/a.md', 'in `src/gone.ts`, see [it](../gone.md#there), [web](https://example.com), [here](#here)')).toEqual([
    'src/gone.ts',
    'docs/gone.md',
  ])
})

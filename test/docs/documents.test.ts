import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/adapters/limits/table.ts'
import { blocksOf, documents } from './blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Which test runs which block: a block that nobody names here is run by nobody. */
const runBy: Readonly<Record<string, readonly string[]>> = {
  'test/docs/walk.test.ts': ['README.md walk', 'README.md socket', 'README.md help', 'README.md postgres'],
  'test/docs/rules.test.ts': ['docs/log-and-cursor.md rules'],
  'test/docs/several.test.ts': ['docs/several-processes.md postgres', 'docs/several-processes.md redis'],
  'test/e2e/export.test.ts': ['docs/operating.md move'],
  'test/packaging/package.test.ts': [
    'README.md install',
    'README.md embed',
    'README.md koa',
    'README.md bare',
    'docs/client.md client',
    'docs/client.md testing',
  ],
}
/** The two commands: `npm start` is tried by the fresh clone, the other one is running. */
const twoCommands = ['npm ci && npm start', 'npm ci && npm test']

const spans: Readonly<Record<string, number>> = { 'ten seconds': 10_000, 'a minute': 60_000, 'ten minutes': 600_000 }

describe('the documents', () => {
  it('name every limit as it is', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8')
    const rows = [...text.matchAll(/^\| .* \| ([\d,]+) \| (a minute|ten \w+) \| [\w; ]+ \|$/gm)]
    const named = rows.map(([, times, span]) => ({ times: Number(times!.replace(',', '')), within: spans[span!] }))
    expect(named).toEqual(expect.arrayContaining(Object.values(limits)))
    expect(named).toHaveLength(Object.keys(limits).length)
  })

  it('show no code that no test runs', () => {
    const shown = documents()
      .filter((file) => existsSync(join(root, file)))
      .flatMap(blocksOf)
      .filter(({ code }) => !twoCommands.includes(code.trim()))
    const names = shown.map(({ file, name }) => `${file} ${name}`)
    expect(names.length).toBeGreaterThan(5)
    expect(names.toSorted()).toEqual(Object.values(runBy).flat().toSorted())
  })

  it.each(Object.keys(runBy))('are run by %s, which names its blocks', (file) => {
    const text = readFileSync(join(root, file), 'utf8')
    for (const block of runBy[file]!) expect(text).toContain(`block('${block.split(' ')[0]}', '${block.split(' ')[1]}')`)
  })

  it.each(documents().filter((file) => existsSync(join(root, file))))('link from %s only to what exists', (file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!)
    for (const target of targets) expect(existsSync(join(root, dirname(file), target)), `${file} → ${target}`).toBe(true)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents } from './blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Which test runs which block: a block that nobody names here is run by nobody. */
const runBy: Readonly<Record<string, readonly string[]>> = {
  'test/docs/walk.test.ts': ['README.md walk', 'README.md socket', 'README.md help', 'README.md postgres'],
  'test/docs/rules.test.ts': ['docs/log-and-cursor.md rules'],
  'test/docs/several.test.ts': ['docs/several-processes.md postgres', 'docs/several-processes.md redis'],
  'test/e2e/export.test.ts': ['docs/operating.md move'],
  'test/packaging/package.test.ts': ['README.md embed', 'README.md koa', 'README.md bare', 'docs/client.md client'],
}
/** The two commands: `npm start` is tried by the fresh clone, the other one is running. */
const twoCommands = ['npm ci && npm start', 'npm ci && npm test']

describe('the documents', () => {
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

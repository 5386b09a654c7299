import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { tempFolder } from '../support/places.ts'

const bench = fileURLToPath(new URL('../../bench/run.ts', import.meta.url))

/** Every measurement once, as small as can be: that it runs, and never how fast. */
it('measures everything beside its limit', { timeout: 600_000 }, async () => {
  await using folder = await tempFolder()
  const child = spawn(process.execPath, [bench, '--smoke', '--out', folder.path], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  expect({ stderr, status: child.exitCode }).toEqual({ stderr: '', status: 0 })
  const table = await readFile(join(folder.path, 'RESULTS.md'), 'utf8')
  for (const section of ['one-to-one', 'sends', 'fan-out', 'memory', 'history', 'growth', 'logins', 'sqlite'])
    expect(table).toContain(`## ${section}\n`)
  const rows = table.split('\n').filter((line) => /\*\*[\d.,]+\*\* \(/.test(line))
  expect(rows.length).toBeGreaterThan(12)
  expect(`${table}${stdout}`.split('\n').filter((line) => /NaN|Infinity|undefined/.test(line))).toEqual([])
  expect(await readFile(join(folder.path, 'results.svg'), 'utf8')).toMatch(/^<svg .*<rect .*<\/svg>\n$/s)
})

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { roomsOf } from '../../tools/house/rooms.ts'
import { allowed, exempt } from './allowed.ts'
import { type Inspection, inspect } from './inspect.ts'
import { FILE_LINES, FUNCTION_LINES, grown, longIn } from './long.ts'
import { bans, importRules } from './rules.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const planted = fileURLToPath(new URL('./planted', import.meta.url))
/** Everything, looked at once. */
let all: Promise<Inspection> | undefined
const inspectAll = () => (all ??= inspect(root))
const rules = ['room', ...importRules.map(({ name }) => name), ...Object.keys(bans)]

describe('the architecture', () => {
  it('breaks none of its rules, and every source file was looked at', { timeout: 60_000 }, async () => {
    const { files, cruised, violations } = await inspectAll()
    const sources = files.filter((file) => /^(src|web)\//.test(file))
    expect(violations).toEqual([])
    expect(sources.length).toBeGreaterThan(20)
    expect(cruised.toSorted()).toEqual(sources.toSorted())
  })

  it('has a planted violation for every rule', async () => {
    expect((await readdir(planted)).toSorted()).toEqual(rules.toSorted())
  })

  it.each(rules)('notices: %s', async (rule) => {
    const { violations } = await inspect(`${planted}/${rule}`)
    expect([...new Set(violations.map((violation) => violation.rule))]).toEqual([rule])
  })
})

describe('the picture of the house', () => {
  it('refuses rooms that import each other in a circle', () => {
    const imports = [
      { from: 'src/domain/a.ts', to: 'src/application/b.ts' },
      { from: 'src/application/b.ts', to: 'src/domain/a.ts' },
    ]
    expect(() => roomsOf(['src/domain/a.ts', 'src/application/b.ts'], imports)).toThrow('application → domain → application')
  })
})

describe('long functions and files', () => {
  it('are those of the list, none of them longer than it says', async () => {
    const { files } = await inspectAll()
    const lengths = await longIn(
      root,
      files.filter((file) => /^(src|web)\//.test(file) && !exempt.test(file)),
    )
    expect(grown(lengths, allowed)).toEqual([])
  })

  it('are noticed: a new one, one that has grown, and an entry that is not needed any more', () => {
    const list = { 'a.ts': 300, 'b.ts run': 90, 'c.ts walk': 80 }
    expect(grown({ 'a.ts': 299, 'b.ts run': 91, 'd.ts fly': 71 }, list)).toEqual([
      'b.ts run has grown from 90 to 91 lines: make it shorter',
      'd.ts fly has 71 lines: make it shorter',
      'c.ts walk is short enough by now: take it off the list',
    ])
  })

  it('are measured by their own lines, whatever form they have', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'long-'))
    try {
      const body = (lines: number) => '  call()\n'.repeat(lines - 2)
      const enough = FUNCTION_LINES + 1
      const forms = {
        'declared.ts': `export function run() {\n${body(enough)}}\n`,
        'arrow.tsx': `export const run = () => {\n${body(enough)}}\n`,
        'method.ts': `export const it = { run() {\n${body(enough)}} }\n`,
        'nested.ts': `export const it = { run: later(() => {\n${body(enough)}}) }\n`,
        'short.ts': `export function run() {\n${body(FUNCTION_LINES)}}\n`,
        'file.ts': 'call()\n'.repeat(FILE_LINES + 1),
      }
      for (const [name, text] of Object.entries(forms)) await writeFile(join(folder, name), text)
      expect(await longIn(folder, Object.keys(forms))).toEqual({
        'declared.ts run': enough,
        'arrow.tsx run': enough,
        'method.ts run': enough,
        'nested.ts run': enough,
        'file.ts': FILE_LINES + 1,
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

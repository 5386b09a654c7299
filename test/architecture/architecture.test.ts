import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { roomsOf } from '../../tools/house/rooms.ts'
import { inspect } from './inspect.ts'
import { bans, importRules } from './rules.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const planted = fileURLToPath(new URL('./planted', import.meta.url))
const rules = ['room', ...importRules.map(({ name }) => name), ...Object.keys(bans)]

describe('the architecture', () => {
  it('breaks none of its rules, and every source file was looked at', async () => {
    const { files, cruised, violations } = await inspect(root)
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

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const wire = new URL('../../../src/adapters/wire/', import.meta.url)

/** Everything that a module loads when it is run, packages by name. */
function loaded(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return seen
  seen.add(file.href)
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm))
    if (name!.startsWith('.')) loaded(new URL(name!, file), seen)
    else seen.add(name!)
  return seen
}

describe('a client for browsers', () => {
  it.each(['routes', 'limits', 'closes', 'problems', 'present/people', 'present/chats', 'present/events', 'present/frames'])(
    'loads no package with %s',
    (module) => {
      expect([...loaded(new URL(`${module}.ts`, wire))].filter((name) => !name.startsWith('file:'))).toEqual([])
    },
  )

  it('would load zod with the tables', () => {
    expect(loaded(new URL('endpoints.ts', wire))).toContain('zod')
  })
})

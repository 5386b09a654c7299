import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** A bare `<form>` lets the browser say what is wrong, in a bubble of its own and in its own language. */
const bareForms = (files: Readonly<Record<string, string>>) =>
  Object.keys(files).filter((file) => file !== 'web/ui/form.tsx' && /<form\b/.test(files[file]!))

it('the page has no form but its own `Form`, which says itself what is wrong', () => {
  const files = Object.fromEntries(globSync('web/**/*.tsx').map((file) => [file, readFileSync(file, 'utf8')]))
  expect(Object.keys(files).length).toBeGreaterThan(50)
  expect(bareForms(files)).toEqual([])
  expect(bareForms({ 'web/planted.tsx': '<form onSubmit={send}>' })).toEqual(['web/planted.tsx'])
})

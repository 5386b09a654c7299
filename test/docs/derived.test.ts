import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { derivedDocuments } from '../../tools/derived.ts'

const derived = await derivedDocuments()

it.each(Object.entries(derived))('docs/%s is what the code says: npm run documents writes it', async (name, document) => {
  expect(await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(document)
})

import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { asyncapi } from '../../src/adapters/wire/asyncapi.ts'
import { openapi } from '../../src/adapters/wire/openapi.ts'
import { version } from '../../src/main/version.ts'
import { houseOfThisProject } from '../../tools/house.ts'

const kept = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8'))
const plain = (document: unknown): unknown => JSON.parse(JSON.stringify(document))

it.each([
  ['openapi.json', openapi({ version })],
  ['asyncapi.json', asyncapi({ version })],
])('docs/%s is what the wire tables say: npm run documents writes it', async (name, document) => {
  expect(await kept(name)).toEqual(plain(document))
})

it('docs/architecture.svg shows the rooms and imports as they are: npm run documents draws it', { timeout: 60_000 }, async () => {
  const kept = await readFile(new URL('../../docs/architecture.svg', import.meta.url), 'utf8')
  expect(kept).toBe(await houseOfThisProject())
})

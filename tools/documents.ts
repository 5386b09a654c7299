import { writeFile } from 'node:fs/promises'
import { asyncapi } from '../src/adapters/wire/asyncapi.ts'
import { openapi } from '../src/adapters/wire/openapi.ts'
import { version } from '../src/main/version.ts'
import { houseOfThisProject } from './house.ts'

/** Writes everything in `docs/` that is derived from the code. Tests hold that it is up to date. */
const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`
const documents = {
  'openapi.json': json(openapi({ version })),
  'asyncapi.json': json(asyncapi({ version })),
  'architecture.svg': await houseOfThisProject(),
}
for (const [name, document] of Object.entries(documents)) await writeFile(new URL(`../docs/${name}`, import.meta.url), document)

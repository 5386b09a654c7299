import { writeFile } from 'node:fs/promises'
import { asyncapi } from '../src/adapters/wire/asyncapi.ts'
import { openapi } from '../src/adapters/wire/openapi.ts'
import { version } from '../src/main/version.ts'

/** Writes the documents that are derived from the wire tables to `docs/`. A test holds that they are up to date. */
const documents = { 'openapi.json': openapi({ version }), 'asyncapi.json': asyncapi({ version }) }
for (const [name, document] of Object.entries(documents))
  await writeFile(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(document, null, 2)}\n`)

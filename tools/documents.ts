import { mkdir, writeFile } from 'node:fs/promises'
import { derivedDocuments } from './derived.ts'

/** Writes the derived documents to `docs/`. A test holds that they are up to date. */
for (const [name, document] of Object.entries(await derivedDocuments())) {
  const file = new URL(`../docs/${name}`, import.meta.url)
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, document)
}

import { asyncapi } from '../src/adapters/wire/asyncapi.ts'
import { openapi } from '../src/adapters/wire/openapi.ts'
import { version } from '../src/main/version.ts'
import { houseOfThisProject } from './house.ts'
import { mutantsPage } from './mutants/page.ts'
import { metricsPage } from './reference/metrics.ts'
import { references } from './reference.ts'
import { transcript } from './transcript.ts'

const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`

/** Everything in `docs/` that is derived from the code, by its path there. */
export const derivedDocuments = async (): Promise<Readonly<Record<string, string>>> => ({
  'openapi.json': json(openapi({ version })),
  'asyncapi.json': json(asyncapi({ version })),
  'architecture.svg': await houseOfThisProject(),
  'extend/transcript.md': await transcript(),
  'about/mutants.md': mutantsPage(),
  'operate/metrics.md': metricsPage(),
  ...references(),
})

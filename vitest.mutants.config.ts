import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isOfProperties = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/properties/')

/** Tests of properties are asked last: what fails there is made smaller first, which takes seconds for each mutant. */
class PropertiesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => Number(isOfProperties(a)) - Number(isOfProperties(b)))
  }
}

/** What is asked whether it notices a mutant: the tests that `tools/mutants.ts` names for its room, in memory, without a server or a build. */
export default defineConfig({
  test: {
    include: (process.env.MUTANTS_TESTS ?? 'test/unit/domain').split(','),
    env: { WINDI_TEST_DATABASES: 'memory', WINDI_TRIES: '0.1' },
    isolate: false,
    setupFiles: ['test/support/no-saboteurs.ts'],
    sequence: { sequencer: PropertiesLast },
    testTimeout: 20_000,
  },
})

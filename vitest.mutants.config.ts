import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isOfProperties = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/properties/')

/**
 * What failed last is asked first, since mutants come in the order of the code, and then what takes least. Tests of properties are asked
 * last: what fails there is made smaller first, which takes seconds for each mutant.
 */
class LikelyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = new Map(files.map((file) => [file, this.ctx.cache.getTestSpecificationResult(file)]))
    const rank = (file: TestSpecification): number => Number(isOfProperties(file)) - Number(known.get(file)?.failed ?? false)
    const takes = (file: TestSpecification): number => known.get(file)?.duration ?? 0
    return files.toSorted((a, b) => rank(a) - rank(b) || takes(a) - takes(b))
  }
}

/** What is asked whether it notices a mutant: the tests that `tools/mutants.ts` names for its room, without a build. */
export default defineConfig({
  test: {
    globalSetup: process.env.WINDI_TEST_DATABASES?.includes('postgres') ? 'test/support/global-setup.ts' : [],
    include: (process.env.MUTANTS_TESTS ?? 'test/unit/domain').split(','),
    env: { WINDI_TRIES: '0.1' },
    isolate: false,
    setupFiles: ['test/support/no-saboteurs.ts'],
    sequence: { sequencer: LikelyFirst },
    testTimeout: 20_000,
  },
})

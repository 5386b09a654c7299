import { defineConfig } from 'vitest/config'

/** What is asked whether it notices a mutant: the tests that `tools/mutants.ts` names for its room, in memory, without a server or a build. */
export default defineConfig({
  test: {
    include: (process.env.MUTANTS_TESTS ?? 'test/unit/domain').split(','),
    env: { WINDI_TEST_DATABASES: 'memory', WINDI_TRIES: '0.1' },
    isolate: false,
    testTimeout: 20_000,
  },
})

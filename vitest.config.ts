import { defineConfig } from 'vitest/config'
import tally from './test/support/tally-reporter.ts'

const inProcess = ['unit', 'properties', 'contracts', 'architecture', 'acceptance']
const everything = [...inProcess, 'docs', 'packaging', 'e2e', 'browser', 'faults']

/** `--mode check` runs what needs no server and no build, on memory and SQLite; without it, everything. */
export default defineConfig(({ mode }) => {
  const isCheck = mode === 'check'
  return {
    test: {
      include: (isCheck ? inProcess : everything).map((room) => `test/${room}/**/*.test.{ts,tsx}`),
      exclude: ['test/architecture/planted/**'],
      env: isCheck ? { WINDI_TEST_DATABASES: 'memory,sqlite', WINDI_SEEDS: '100' } : {},
      globalSetup: isCheck ? [] : ['test/support/global-setup.ts'],
      reporters: [process.stdout.isTTY ? 'default' : 'dot', tally()],
      pool: 'forks',
      // In the check the files of one worker share its modules: loading them anew for each file costs more than running them. `npm test` isolates.
      isolate: !isCheck,
      // The check waits more than it reckons: sockets, timers. Where it is starved nothing of it measures time.
      maxWorkers: isCheck ? 3 : 2,
      // Real servers and sockets may be starved where processors are few: there a test has a second try, and the tally names who needed it.
      // Laws (test/properties) have none.
      retry: process.env.CI ? 1 : 0,
      testTimeout: 20_000,
      hookTimeout: 60_000,
      teardownTimeout: 20_000,
    },
  }
})

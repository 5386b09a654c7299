import { existsSync, statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import tally from './test/support/tally-reporter.ts'

const inProcess = ['unit', 'properties', 'contracts', 'architecture']
const everything = [...inProcess, 'integration', 'acceptance', 'docs', 'packaging', 'e2e', 'browser', 'faults']

/** Temporary files in memory where there is room: half of what a contract on SQLite costs is waiting for the disk. */
const MEMORY = '/dev/shm'
if (existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > 4e9) process.env.TMPDIR = MEMORY

/** `--mode check` runs what needs no server, no socket and no build, on memory and SQLite; without it, everything. */
export default defineConfig(({ mode }) => {
  const isCheck = mode === 'check'
  return {
    test: {
      include: (isCheck ? inProcess : everything).map((room) => `test/${room}/**/*.test.{ts,tsx}`),
      exclude: ['test/architecture/planted/**'],
      env: isCheck ? { WINDI_TEST_DATABASES: 'memory,sqlite', WINDI_TRIES: '0.05' } : {},
      // Saboteurs prove the laws, not the code: they wait for `npm test`.
      ...(isCheck && { testNamePattern: /^(?!.*would (notice|be noticed|show))/ }),
      globalSetup: isCheck ? [] : ['test/support/global-setup.ts'],
      reporters: [process.stdout.isTTY ? 'default' : 'dot', tally()],
      pool: 'forks',
      // In the check the files of one worker share its modules: loading them anew for each file costs more than running them. `npm test` isolates.
      isolate: !isCheck,
      maxWorkers: 2,
      // Real servers and sockets may be starved where processors are few: there a test has a second try, and the tally names who needed it.
      // Laws (test/properties) have none.
      retry: process.env.CI ? 1 : 0,
      // A browser on a loaded machine may need long, for each of several waits of a test.
      testTimeout: isCheck ? 20_000 : 120_000,
      hookTimeout: 60_000,
      teardownTimeout: 20_000,
    },
  }
})

import type { Reporter } from 'vitest/node'

/** Ends the output with `N passed, N failed`, alone on the line, after the names of those that needed a second try and how many were left out. A file that could not be run and an error outside of tests are failures. */
export default function tally(): Reporter {
  let line = '0 passed, 1 failed'
  return {
    onInit: () => void process.once('exit', () => console.log(`\n${line}`)),
    onTestRunEnd(modules, unhandled, reason) {
      const tests = modules.flatMap((module) => [...module.children.allTests()])
      const count = (state: string) => tests.filter((test) => test.result().state === state).length
      const outside = modules.filter((module) => module.errors().length > 0).length + unhandled.length
      const failed = count('failed') + outside || (reason === 'passed' && tests.length > 0 ? 0 : 1)
      const tries = tests.filter((test) => test.diagnostic()?.flaky).map(({ fullName }) => `Passed on a second try: ${fullName}\n`)
      const skipped = count('skipped') > 0 ? `${count('skipped')} left out\n` : ''
      line = `${tries.join('')}${skipped}${count('passed')} passed, ${failed} failed`
    },
  }
}

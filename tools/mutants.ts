import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Scores } from './mutants/page.ts'
import { rooms, testsOf } from './mutants/rooms.ts'
import { byFolder, mutantsOf, percent, scoreOf, share } from './mutants/verdict.ts'

/**
 * Mutation testing: plants small mistakes in the code, one at a time, and asks the tests whether they notice. `npm run test:mutants`
 * does it for every room (hours), `npm run test:mutants -- domain` for one. What was asked before and did not change is not asked again.
 * Prints what was missed and keeps the scores, of which `npm run documents` makes `docs/about/mutants.md`; fails when a room is below its
 * goal.
 */
const KEPT = '.mutants-kept'
const chosen = process.argv.slice(2)
const names = chosen.length > 0 ? chosen : Object.keys(rooms)
mkdirSync(KEPT, { recursive: true })
let isBelow = false
for (const name of names) {
  const room = rooms[name]
  if (!room) throw new Error(`There is no room ${name}; there are ${Object.keys(rooms).join(', ')}`)
  const report = `${KEPT}/${name}.json`
  const config = `${KEPT}/${name}.stryker.json`
  writeFileSync(config, JSON.stringify(strykerOptions(room, report)))
  const env = { ...process.env, MUTANTS_TESTS: testsOf(room).join(',') }
  if (spawnSync('npx', ['stryker', 'run', config], { stdio: 'inherit', env }).status !== 0) process.exit(1)
  const mutants = mutantsOf(report)
  for (const { file, line, was, becomes } of mutants.filter(({ status }) => status === 'missed'))
    console.log(`${file}:${line}  ${was}  →  ${becomes}`)
  const score = scoreOf(mutants)
  isBelow ||= share(score) < room.goal
  console.log(`${name}: ${score.noticed} noticed, ${score.missed} missed, ${score.equivalent} equivalent: ${percent(share(score))}`)
  keep(
    name,
    Object.fromEntries([...byFolder(mutants)].toSorted(([a], [b]) => a.localeCompare(b)).map(([folder, some]) => [folder, scoreOf(some)])),
  )
}
process.exit(isBelow ? 1 : 0)

function strykerOptions({ mutate, tsconfig }: (typeof rooms)[string], report: string) {
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutants.config.ts', related: false },
    checkers: ['typescript'],
    tsconfigFile: tsconfig,
    plugins: ['@stryker-mutator/vitest-runner', '@stryker-mutator/typescript-checker'],
    coverageAnalysis: 'perTest',
    // A mutant of what runs once, when a file is loaded, needs all tests of its room in a new process.
    ignoreStatic: true,
    mutate,
    ignorePatterns: ['bench', 'dist', 'dist-packages', 'examples', 'deploy', 'data', KEPT],
    reporters: ['progress-append-only'],
    incremental: true,
    incrementalFile: report,
    tempDirName: '.mutants',
    concurrency: 2,
    timeoutMS: 10_000,
  }
}

function keep(name: string, folders: Scores[string]['folders']): void {
  const file = new URL('mutants/scores.json', import.meta.url)
  const scores = JSON.parse(readFileSync(file, 'utf8')) as Scores
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(file, `${JSON.stringify({ ...scores, [name]: { date, folders } }, null, 2)}\n`)
}

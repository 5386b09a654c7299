import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Scores } from './mutants/page.ts'
import { emptyGlobs, rooms, testsOf } from './mutants/rooms.ts'
import { byFolder, mutantsOf, percent, scoreOf, share } from './mutants/verdict.ts'

/**
 * Mutation testing: plants small mistakes in the code, one at a time, and asks the tests whether they notice. `npm run test:mutants`
 * does it for every room (hours), `npm run test:mutants -- domain` for one, `npm run test:mutants -- application 'src/application/relay/**'` for
 * some folders of one. What was asked before and did not change is not asked again.
 * Prints what was missed and keeps the scores, of which `npm run documents` makes `docs/about/mutants.md`; fails when a room is below its
 * goal.
 */
const KEPT = '.mutants-kept'
const [globs = [], chosen = []] = [true, false].map((isGlob) => process.argv.slice(2).filter((word) => word.includes('/') === isGlob))
const names = chosen.length > 0 ? chosen : Object.keys(rooms)
const named = new Set(globs.flatMap((glob) => globSync(glob)))
const isAsked = (file: string): boolean => globs.length === 0 || named.has(file)
if (globs.length > 0 && named.size === 0) throw new Error(`No file is called ${globs.join(' or ')}`)
mkdirSync(KEPT, { recursive: true })
let isBelow = false
for (const name of names) {
  const room = rooms[name]
  if (!room) throw new Error(`There is no room ${name}; there are ${Object.keys(rooms).join(', ')}`)
  const empty = emptyGlobs(room)
  if (empty.length > 0) throw new Error(`In the room ${name}, no file is called ${empty.join(' or ')}`)
  const report = `${KEPT}/${name}.json`
  const config = `${KEPT}/${name}.stryker.json`
  writeFileSync(config, JSON.stringify(strykerOptions(room, report)))
  const env = { ...process.env, MUTANTS_TESTS: testsOf(room).join(','), WINDI_TEST_DATABASES: room.databases ?? 'memory' }
  if (spawnSync('npx', ['stryker', 'run', config], { stdio: 'inherit', env }).status !== 0) process.exit(1)
  const mutants = mutantsOf(report).filter(({ file }) => isAsked(file))
  for (const { file, line, was, becomes } of mutants.filter(({ status }) => status === 'missed'))
    console.log(`${file}:${line}  ${was}  →  ${becomes}`)
  const score = scoreOf(mutants)
  isBelow ||= share(score) < room.goal
  console.log(`${name}: ${score.noticed} noticed, ${score.missed} missed, ${score.equivalent} equivalent: ${percent(share(score))}`)
  keep(name, Object.fromEntries([...byFolder(mutants)].map(([folder, some]) => [folder, scoreOf(some)])))
}
process.exit(isBelow ? 1 : 0)

function strykerOptions({ mutate, tsconfig }: (typeof rooms)[string], report: string) {
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutants.config.ts', related: false },
    checkers: ['native'],
    tsconfigFile: tsconfig,
    plugins: ['@stryker-mutator/vitest-runner', resolve('tools/mutants/checker.ts')],
    coverageAnalysis: 'perTest',
    // A mutant of what runs once, when a file is loaded, needs all tests of its room in a new process.
    ignoreStatic: true,
    mutate: globs.length > 0 ? globs : mutate,
    ignorePatterns: ['bench', 'dist', 'dist-packages', 'examples', 'deploy', 'data', KEPT],
    reporters: ['progress-append-only'],
    incremental: true,
    incrementalFile: report,
    tempDirName: '.mutants',
    concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 2),
    timeoutMS: 10_000,
  }
}

/** Scores of folders that were asked as a whole; those of others stay. */
function keep(name: string, asked: Scores[string]['folders']): void {
  const file = new URL('mutants/scores.json', import.meta.url)
  const scores = JSON.parse(readFileSync(file, 'utf8')) as Scores
  const date = new Date().toISOString().slice(0, 10)
  const whole = Object.entries(asked).filter(([folder]) =>
    readdirSync(folder).every((name) => !name.endsWith('.ts') || isAsked(`${folder}/${name}`)),
  )
  const others = globs.length > 0 ? scores[name]?.folders : undefined
  const folders = Object.fromEntries(Object.entries({ ...others, ...Object.fromEntries(whole) }).toSorted(([a], [b]) => a.localeCompare(b)))
  writeFileSync(file, `${JSON.stringify({ ...scores, [name]: { date, folders } }, null, 2)}\n`)
}

import { readFileSync } from 'node:fs'
import { equivalents } from './equivalents.ts'
import { rooms } from './rooms.ts'
import { percent, type Score, share } from './verdict.ts'

/** Of each room: when its mutants were planted, and what became of them by folder. */
export type Scores = Readonly<Record<string, { readonly date: string; readonly folders: Readonly<Record<string, Score>> }>>

const INTRO = `# Do the tests notice mistakes?

How many small mistakes would the tests let pass? They are planted in the code, one at a time: a condition turned round, a number
moved by one, a statement left out. \`npm run test:mutants\` does it by [Stryker](https://stryker-mutator.io) and prints what was missed.
What was missed gets a test, or a line in the list of equivalents below. Mistakes that do not compile are left out, since they never run.
So are mistakes in what is evaluated once, when a file is loaded: tables are held by the tests that derive their cases from them.
`

/** The page of scores. */
export function mutantsPage(): string {
  const scores = JSON.parse(readFileSync(new URL('scores.json', import.meta.url), 'utf8')) as Scores
  const tables = Object.entries(scores).map(([name, { date, folders }]) => {
    const all = Object.values(folders).reduce(sum, { noticed: 0, missed: 0, equivalent: 0 })
    const goal = `Asked on ${date}; goal ${percent(rooms[name]!.goal)}.`
    return [`## ${name}`, goal, table([...Object.entries(folders), ['**all**', all]])].join('\n\n')
  })
  return [INTRO.trim(), ...tables, listed(), 'Next: [comparison](comparison.md).'].join('\n\n') + '\n'
}

const sum = (one: Score, other: Score): Score => ({
  noticed: one.noticed + other.noticed,
  missed: one.missed + other.missed,
  equivalent: one.equivalent + other.equivalent,
})

const table = (rows: readonly (readonly [string, Score])[]): string =>
  [
    '| Folder | Noticed | Missed | Equivalent | Score |',
    '|---|---|---|---|---|',
    ...rows.map(([name, score]) => `| ${name} | ${score.noticed} | ${score.missed} | ${score.equivalent} | ${percent(share(score))} |`),
  ].join('\n')

const listed = (): string =>
  [
    '## Equivalents',
    'No test can notice these: the program does the same with them, or differs only where nothing is promised.',
    [
      '| File | Was | Becomes | Why |',
      '|---|---|---|---|',
      ...equivalents.map(({ file, was, becomes, why }) => row(file, code(was), becomes === undefined ? 'anything' : code(becomes), why)),
    ].join('\n'),
  ].join('\n\n')

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const code = (text: string): string => `\`\` ${text.replaceAll('|', '\\|')} \`\``

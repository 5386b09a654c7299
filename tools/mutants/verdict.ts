import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Equivalent, equivalents } from './equivalents.ts'

/** What Stryker's report says of a mutant (mutation-testing-report-schema). */
interface Reported {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: string
  readonly location: { readonly start: Place; readonly end: Place }
}
interface Place {
  readonly line: number
  readonly column: number
}
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Reported[] }>>
}

export interface Mutant {
  readonly file: string
  readonly line: number
  readonly was: string
  readonly becomes: string
  readonly status: 'noticed' | 'missed' | 'equivalent'
}

/** All that count. Left out is what does not compile or run, and what only a new process would load. */
export function mutantsOf(path: string): readonly Mutant[] {
  if (!existsSync(path)) return []
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Report
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.flatMap((mutant) => {
      const noticed = ['Killed', 'Timeout'].includes(mutant.status)
      if (!noticed && !['Survived', 'NoCoverage'].includes(mutant.status)) return []
      const [was, becomes] = [cut(source, mutant.location), (mutant.replacement ?? '').replace(/\s+/g, ' ')]
      const isEquivalent = !noticed && equivalents.some(isFor({ file, was, becomes }))
      return { file, line: mutant.location.start.line, was, becomes, status: noticed ? 'noticed' : isEquivalent ? 'equivalent' : 'missed' }
    }),
  )
}

const isFor = (at: Pick<Mutant, 'file' | 'was' | 'becomes'>) => (each: Equivalent) =>
  each.file === at.file && each.was === at.was && (each.becomes === undefined || each.becomes === at.becomes)

/** The source between two places, on one line. */
function cut(source: string, { start, end }: Reported['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = lines[last]!.slice(0, end.column - 1)
  lines[0] = lines[0]!.slice(start.column - 1)
  return lines.join(' ').replace(/\s+/g, ' ')
}

export interface Score {
  readonly noticed: number
  readonly missed: number
  readonly equivalent: number
}

export const scoreOf = (mutants: readonly Mutant[]): Score => {
  const count = (status: Mutant['status']) => mutants.filter((mutant) => mutant.status === status).length
  return { noticed: count('noticed'), missed: count('missed'), equivalent: count('equivalent') }
}

/** The share of what could be noticed. */
export const share = ({ noticed, missed }: Score): number => noticed / Math.max(1, noticed + missed)

export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`

export const byFolder = (mutants: readonly Mutant[]): ReadonlyMap<string, readonly Mutant[]> =>
  Map.groupBy(mutants, ({ file }) => dirname(file))

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import type { Section } from '../measure/plan.ts'
import type { Line } from '../measure/rounds.ts'
import { markdownTable } from './table.ts'

export interface Ran {
  readonly section: Section
  readonly lines: readonly Line[]
}
export interface Facts {
  readonly postgres: string | undefined
  readonly pgbench: string
  readonly rounds: number
  readonly seconds: number
  readonly minutes: number
}

export const results = (ran: readonly Ran[], facts: Facts): string => `# What it costs

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, in ${facts.minutes.toFixed(0)} minutes.
${versions(facts).join(' · ')}. ${availableParallelism()} processors, shared by the server, the database and the load.

How to read it: the absolute figures are those of one machine at one time, and whatever else it did then. The ratios are what counts: each
line was measured right next to its limit, ${facts.rounds} times, ${facts.seconds} s each, taking turns at who comes first; a ratio is that of one such pair, and the
median decides. Where a limit is a time or a size, smaller is better. Processor time is that of the server's process and of all processes
of the database, for each message, delivery, page or login; the load runs in other processes, but for the library, where it is counted
in. All of it is the built package, with \`fsync\` and \`synchronous_commit\` on. What explains single figures is in [NOTES.md](NOTES.md).

![The ratios](results.svg)

${ran.map(({ section, lines }) => `## ${section.name}\n\n${section.explains}\n\n${markdownTable(lines)}\n`).join('\n')}`

function versions({ postgres, pgbench }: Facts): string[] {
  const require = createRequire(import.meta.url)
  const from = (name: string, base = require) => {
    const entry = base.resolve(name)
    const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length)
    return `${name} ${(JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { version: string }).version}`
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  const pg = from('pg', createRequire(require.resolve('@mikro-orm/postgresql')))
  const sqlite = from('better-sqlite3', createRequire(require.resolve('@mikro-orm/sqlite')))
  const all = [`windi-chat ${version}`, `Node ${process.versions.node}`, postgres, pgbench, pg, sqlite, from('ws'), from('argon2')]
  return all.filter((one) => one !== undefined)
}

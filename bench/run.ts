import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres.ts'
import { sql } from '../test/support/sql.ts'
import { pgbenchVersion } from './baselines/pgbench.ts'
import { postgresCpu } from './measure/cpu.ts'
import type { Bench, Section } from './measure/plan.ts'
import { isReached, measureRounds } from './measure/rounds.ts'
import { plot } from './report/plot.ts'
import { type Ran, results } from './report/results.ts'
import { plainTable } from './report/table.ts'
import { client } from './rows/client.ts'
import { content } from './rows/content.ts'
import { fanOut } from './rows/fan-out.ts'
import { files } from './rows/files.ts'
import { footprint } from './rows/footprint.ts'
import { growth } from './rows/growth.ts'
import { history } from './rows/history.ts'
import { idle } from './rows/idle.ts'
import { logins } from './rows/logins.ts'
import { memory } from './rows/memory.ts'
import { oneToOne } from './rows/one-to-one.ts'
import { overload } from './rows/overload.ts'
import { page } from './rows/page.ts'
import { reactions } from './rows/reactions.ts'
import { relay } from './rows/relay.ts'
import { resume } from './rows/resume.ts'
import { scaleOut } from './rows/scale-out.ts'
import { sends } from './rows/sends.ts'
import { sqlite } from './rows/sqlite.ts'
import { within } from './rows/within.ts'

const sections: readonly Section[] = [
  oneToOne,
  sends,
  fanOut,
  scaleOut,
  memory,
  resume,
  idle,
  history,
  growth,
  footprint,
  logins,
  overload,
  sqlite,
  client,
  files,
  within,
  content,
  relay,
  reactions,
  page,
]

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    line: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    out: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const HELP = `Measures what it costs, each beside its limit.

  --only NAME     one of ${sections.map(({ name }) => name).join(', ')}; may be given several times
  --line TEXT     lines whose title has it
  --rounds N      how often each is measured (5)
  --seconds N     for how long (1)
  --out FOLDER    where RESULTS.md and results.svg go: by itself here after a whole run, and nowhere after a part of one
  --profile DIR   CPU profiles of what is measured
  --smoke         as little as proves that it runs
`

if (given.help) {
  process.stdout.write(HELP)
  process.exit()
}
const unknown = given.only?.find((name) => !sections.some((section) => section.name === name))
if (unknown !== undefined) {
  process.stderr.write(`There is no ${unknown}.\n\n${HELP}`)
  process.exit(2)
}

const rounds = Number(given.rounds ?? (given.smoke ? 1 : 5))
const seconds = Number(given.seconds ?? (given.smoke ? 0.3 : 1))
const isWhole = !given.only && !given.line && !given.smoke && !given.profile
const folder = given.out ?? (isWhole ? fileURLToPath(new URL('.', import.meta.url)) : undefined)
const isTerminal = process.stderr.isTTY

const say = (progress: string): void => {
  if (isTerminal) process.stderr.write(`\r\x1b[K${progress}`)
}

async function openPostgres() {
  say('starting Postgres')
  const postgres = await startPostgres({ settings: { max_connections: 300, shared_buffers: '256MB', max_wal_size: '4GB' } })
  return { ...postgres, cpu: await postgresCpu(postgres.url) }
}
let opened: ReturnType<typeof openPostgres> | undefined
const bench: Bench = {
  scale: { seconds, isSmoke: given.smoke },
  postgres: () => (opened ??= openPostgres()),
  profile: given.profile,
  say,
}

const startedAt = performance.now()
const ran: Ran[] = []
for (const section of sections) {
  if (given.only && !given.only.includes(section.name)) continue
  say(`${section.name}: preparing`)
  const { plans, close } = await section.prepare(bench)
  const chosen = plans.filter(({ title }) => title.includes(given.line ?? ''))
  const lines = await measureRounds(chosen, Math.min(rounds, section.rounds ?? rounds), (progress) => say(`${section.name}, ${progress}`))
  await close()
  ran.push({ section, lines })
  say('')
  console.log(`${plainTable(lines)}\n`)
}

const lines = ran.flatMap((one) => one.lines)
if (folder !== undefined) {
  const version = opened && String((await sql((await opened).url, 'show server_version'))[0]!.server_version)
  const minutes = (performance.now() - startedAt) / 60_000
  const facts = { postgres: version && `Postgres ${version}`, pgbench: await pgbenchVersion(), rounds, seconds, minutes }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'RESULTS.md'), results(ran, facts))
  await writeFile(join(folder, 'results.svg'), plot(lines))
}
await (await opened)?.remove()
const aims = lines.filter(({ target }) => target)
console.log(`${aims.filter(isReached).length} of ${aims.length} targets reached`)

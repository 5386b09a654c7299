import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type TempFolder, tempFolder } from '../../test/support/places.ts'
import { createDatabase, sql } from '../../test/support/sql.ts'
import { TEXT } from '../children/closed-loop.ts'
import { built } from '../measure/built.ts'
import { startChild } from '../measure/child.ts'
import type { PostgresCpu } from '../measure/cpu.ts'
import type { Measured } from '../measure/plan.ts'
import { limitTables, oneStatement } from './one-statement.ts'

const run = promisify(execFile)

/** What Postgres commits when it is sent one statement for each message. */
export interface Limit {
  /** With so many clients, each waiting for its answer before it goes on. */
  measure(chats: 'one' | 'many', clients: number, seconds: number): Promise<Measured>
  /** At its best of 16 and 32 clients, as was found out when it was first asked. */
  best(chats: 'one' | 'many', seconds: number): Promise<Measured>
  close(): Promise<void>
}

/** Plans once, as the service's connections do. */
const OPTIONS = '-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan'

export async function openLimit(admin: string, cpu: PostgresCpu, chats: number): Promise<Limit> {
  const database = await createDatabase(admin)
  const { connect, migrate } = await built('mikro-orm')
  const connection = await connect(database.url)
  await migrate(connection)
  await connection.close()
  await sql(database.url, limitTables(chats))
  const [row] = await sql(database.url, "select to_regproc('uuidv7') is not null as has")
  const id = row!.has ? 'uuidv7()' : 'gen_random_uuid()'
  const version = await installed()
  const folder = await tempFolder('windi-chat-bench')
  const measure = version ? await byPgbench(database.url, id, cpu, chats, folder) : await byClient(database.url, id, cpu, chats)
  const bestOf = new Map<string, number>()

  return {
    measure: measure.one,
    async best(which, seconds) {
      const known = bestOf.get(which)
      if (known !== undefined) return measure.one(which, known, seconds)
      const found = [await measure.one(which, 16, seconds), await measure.one(which, 32, seconds)] as const
      bestOf.set(which, found[0].value > found[1].value ? 16 : 32)
      return found[0].value > found[1].value ? found[0] : found[1]
    },
    async close() {
      await measure.close()
      await folder.remove()
      await database.drop()
    },
  }
}

const installed = (): Promise<string | undefined> =>
  run('pgbench', ['--version']).then(
    ({ stdout }) => /pgbench \(PostgreSQL\) [\d.]+/.exec(stdout)?.[0].replace('(PostgreSQL) ', ''),
    () => undefined,
  )

export const pgbenchVersion = async (): Promise<string> =>
  (await installed()) ?? 'no pgbench here: its statement through pg, from a process of its own'

type Id = Parameters<typeof oneStatement>[0]
type One = { one: Limit['measure']; close: () => Promise<void> }

async function byPgbench(url: string, id: Id, cpu: PostgresCpu, chats: number, folder: TempFolder): Promise<One> {
  const choose = {
    one: `\\set chat 1\n\\set sender random(1, ${2 * chats})`,
    many: `\\set chat random(2, ${chats + 1})\n\\set sender (:chat - 1) * 2 - random(0, 1)`,
  }
  const statement = oneStatement(id, {
    chat: ':chat',
    sender: ':sender',
    key: "(:run::text || '-' || :client_id::text || '-' || :n::text)",
    text: `'${TEXT}'`,
  })
  const files = { one: join(folder.path, 'one.sql'), many: join(folder.path, 'many.sql') }
  for (const which of ['one', 'many'] as const) await writeFile(files[which], `${choose[which]}\n\\set n :n + 1\n${statement};\n`)
  let runs = 0
  const one: Limit['measure'] = async (which, clients, seconds) => {
    const before = cpu()
    const threads = String(Math.min(2, clients))
    const args = ['-n', '-M', 'prepared', '-f', files[which], '-D', 'n=0', '-D', `run=${++runs}`, '-c', String(clients), '-j', threads]
    const { stdout } = await run('pgbench', [...args, '-T', String(Math.max(1, Math.round(seconds))), url], {
      env: { PATH: process.env.PATH, PGOPTIONS: OPTIONS },
    })
    const count = Number(/transactions actually processed: (\d+)/.exec(stdout)?.[1])
    // On a machine that is busy with something else: what is slow is waited for.
    if (count === 0) return one(which, clients, 2 * seconds)
    const value = Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
    const latency = Number(/latency average = ([\d.]+)/.exec(stdout)?.[1])
    return { value, p50: latency, databaseCpu: before === undefined ? undefined : (cpu()! - before) / count }
  }
  return { one, close: async () => {} }
}

async function byClient(url: string, id: Id, cpu: PostgresCpu, chats: number): Promise<One> {
  const child = startChild('children/statement-load.ts')
  const statement = oneStatement(id, { chat: '$1', sender: '$2', key: '$3', text: '$4' })
  await child.ask('start', { url, statement, chats, options: OPTIONS })
  const one: Limit['measure'] = async (which, clients, seconds) => {
    const before = cpu()
    const { count, ms, p50, p99 } = await child.ask<{ count: number; ms: number; p50: number; p99: number }>('run', {
      which,
      clients,
      seconds,
    })
    return { value: count / (ms / 1_000), p50, p99, databaseCpu: before === undefined ? undefined : (cpu()! - before) / count }
  }
  return { one, close: child.stop }
}

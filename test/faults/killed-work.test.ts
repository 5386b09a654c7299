import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import type { ChatId } from '../../src/domain/ids.ts'
import { openApplication } from '../../src/main/container.ts'
import { silent } from '../../src/main/logging.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { flatTables } from '../support/erased/flat.ts'
import { formsIn } from '../support/erased/forms.ts'
import {
  type Cast,
  callerOf,
  configOf,
  type Life,
  LONG_AGO,
  optionsOf,
  type Stored,
  send,
  type WorkName,
  works,
} from '../support/killed/works.ts'
import { tempFolder } from '../support/places.ts'

const program = fileURLToPath(new URL('../support/killed/child.ts', import.meta.url))
const MESSAGES = 2_500
const GROUPS = 12
const FILES = 120
const WORD = 'zebra'

/** A user and another one who have written much, and files that nobody has linked. */
async function told(stored: Stored): Promise<Cast> {
  const options = optionsOf(stored, () => LONG_AGO)
  const app = await openApplication({ config: configOf(options), log: silent(), ports: options.ports })
  const { api, ports } = app
  const add = async (name: string) => {
    const id = ports.newId() as Cast['who']
    await ports.people.add({ id, name, username: name.toLowerCase(), email: undefined, passwordHash: undefined, createdAt: LONG_AGO })
    return id
  }
  const [who, other] = [await add('Who'), await add('Other')]
  const group = async (owner: Cast['who'], ...memberIds: Cast['who'][]) =>
    (await api.createGroup(callerOf(owner), { name: 'Group', memberIds })).view.chat.id
  const long = await group(other, who)
  const side = await group(other)
  const say = (chatId: ChatId, n: number) => send(app, n % 2 ? who : other, chatId, `${n}`, n % 2 ? `${WORD} ${n}` : `text ${n}`)
  for (let n = 0; n < MESSAGES; n += 100) await Promise.all(Array.from({ length: 100 }, (_, i) => say(long, n + i)))
  const first = await api.listMessages(callerOf(who), { chatId: long, window: { kind: 'newest' }, limit: 20 })
  for (const { message } of first.items) await api.addReaction(callerOf(who), { chatId: long, messageId: message.id, emoji: '🦓' })
  for (let i = 0; i < GROUPS; i++) {
    const chatId = await group(i % 2 ? who : other, i % 2 ? other : who)
    for (let n = 0; n < 4; n++) await say(chatId, n)
    if (i % 4 === 0) await api.removeMembers(callerOf(who), { chatId, userIds: [who] })
  }
  async function* bytes(n: number) {
    yield Buffer.from(`The bytes of file ${n} say ${WORD}.`)
  }
  for (let n = 0; n < FILES; n++) await api.uploadFile(callerOf(who), { name: `${WORD} ${n}`, clientFileId: `${n}`, bytes: bytes(n) })
  await app.close()
  return { who, other, long, side }
}

/** One life of a process, until it stands still and is killed, or until it says that it is done and is killed then. */
async function lived(life: Life, acknowledged: Set<string>): Promise<'killed in it' | 'done'> {
  const child: ChildProcess = spawn(process.execPath, [program, JSON.stringify(life)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  try {
    for await (const line of createInterface(child.stdout!)) {
      if (line.startsWith('acknowledged ')) acknowledged.add(line.slice('acknowledged '.length))
      else return line === 'here' ? 'killed in it' : 'done'
    }
    throw new Error('a process has ended by itself')
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const all = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  return new Map(await Promise.all(all.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name))] as const)))
}

/** What is wrong in every store: numbers with holes, or a message that was acknowledged and is not there once. */
async function brokenIn(database: Database, { side }: Cast, acknowledged: ReadonlySet<string>): Promise<string[]> {
  const query = queryOn(database)
  const heads = await query(
    `select c.id, c.head_seq, count(*) as n, min(e.seq) as low, max(e.seq) as high from chats c
      join (select chat_id, seq from events union all select chat_id, seq from messages) e on e.chat_id = c.id
      group by c.id, c.head_seq`,
    [],
  )
  const holes = heads.filter(({ head_seq, n, low, high }) => low !== 1 || high !== head_seq || Number(n) !== head_seq)
  const kept = new Map(
    (await query('select client_message_id as key, count(*) as n from messages where chat_id = $1 group by client_message_id', [side])).map(
      ({ key, n }) => [key as string, Number(n)],
    ),
  )
  return [
    ...holes.map((row) => `a log with holes: ${JSON.stringify(row)}`),
    ...[...acknowledged].filter((key) => kept.get(key) !== 1).map((key) => `${key} is there ${kept.get(key) ?? 0} times`),
  ]
}

/** What is left of each work, or was done twice. */
const leftOf: Readonly<Record<WorkName, (database: Database, cast: Cast, stored: Stored) => Promise<string[]>>> = {
  async 'the deletion of a user'(database, { who }, { files }) {
    const flat = await flatTables(database)
    // Files go later, by themselves.
    const places = [...flat].filter(([place, values]) => !/^(files|blobs)\./.test(place) && values.some((value) => value.includes(WORD)))
    const query = queryOn(database)
    const told = await query(`select chat_id, count(*) as n from events where type = 'author.erased' group by chat_id`, [])
    const reactions = await query('select 1 from reactions where user_id = $1', [who])
    const undone = await query('select 1 from users where is_erasing', [])
    const bytes = database.dialect === 'sqlite' ? await filesIn(join(files, '..', 'data')) : new Map<string, Buffer>()
    return [
      ...places.map(([place]) => place),
      ...told.filter(({ n }) => Number(n) !== 1).map((row) => `not erased once: ${JSON.stringify(row)}`),
      ...(told.length === GROUPS + 1 ? [] : [`erasures in ${told.length} chats`]),
      ...[...reactions, ...undone].map((row) => JSON.stringify(row)),
      ...[...bytes].flatMap(([name, all]) => formsIn(all, `${WORD} 1`).map((form) => `${name}: ${form}`)),
    ]
  },
  async 'the deletion of a chat'(database, { long }) {
    const flat = await flatTables(database)
    const places = [...flat].flatMap(([place, values]) => (values.some((value) => value.includes(long)) ? [place] : []))
    return places.filter((place) => place !== 'deleted_chats.chat_id')
  },
  async 'the retention of texts'(database, { side }) {
    const query = queryOn(database)
    const old = await query('select id from messages where chat_id <> $1 and deleted_at is null', [side])
    const [deleted] = await query(`select count(*) as n from events where type = 'message.deleted'`, [])
    const audited = await query(`select facts from audit where deed = 'texts.expired'`, [])
    const sum = audited.reduce((all, { facts }) => all + (JSON.parse(facts as string) as { messages: number }).messages, 0)
    const all = MESSAGES + GROUPS * 4
    return [
      ...old.map((row) => `has a text: ${JSON.stringify(row)}`),
      ...(Number(deleted!.n) === all ? [] : [`deletions that are told: ${JSON.stringify(deleted)}`]),
      ...(sum === all ? [] : [`the audit knows ${sum} deletions`]),
    ]
  },
  async 'the collection of files'(database, _cast, { files }) {
    const query = queryOn(database)
    const rows = await query('select cast(id as text) as name from files union all select sha256 from blobs', [])
    const bytes = [...(await filesIn(files)).keys()]
    return [...rows.map(({ name }) => name as string), ...bytes]
  },
}

/** What came of a piece of work that was begun once and killed again and again. */
async function story(kind: DatabaseKind, work: WorkName, isSabotaged = false) {
  await using folder = await tempFolder()
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  try {
    const stored = { url: fresh?.url ?? `sqlite:${folder.path}/data/chat.db`, files: join(folder.path, 'files') }
    const cast = await told(stored)
    const acknowledged = new Set<string>()
    const live = (life: number, at?: number) => lived({ ...stored, cast, work, life, at, isSabotaged }, acknowledged)
    const ends: string[] = []
    const { kills, begin } = works[work]
    // What is asked for once is begun by then.
    for (const at of isSabotaged && begin ? kills.slice(-1) : kills) ends.push(await live(ends.length, at))
    // Two processes may take it up at once.
    ends.push(...(await Promise.all([live(ends.length), live(ends.length)])))
    // Bytes of files go a day after the files.
    if (work === 'the collection of files') ends.push(await live(ends.length))

    const database = await connect(stored.url)
    try {
      return { ends, wrong: [...(await brokenIn(database, cast, acknowledged)), ...(await leftOf[work](database, cast, stored))] }
    } finally {
      await database.close()
    }
  } finally {
    await fresh?.drop()
  }
}

const kinds = databases.filter((kind) => kind !== 'memory')
const names = Object.keys(works) as WorkName[]

describe.each(kinds)('a process on %s that is killed', { timeout: 120_000 }, (kind) => {
  it.each(names)('in %s: others finish it, nothing is left of it, and chats go on', async (work) => {
    const { ends, wrong } = await story(kind, work)
    expect(wrong).toEqual([])
    // Where a process is killed before it has done anything, the next one may do all of it.
    expect(ends.filter((end) => end === 'killed in it').length).toBeGreaterThanOrEqual(works[work].kills.length - 1)
    expect(ends.at(-1)).toBe('done')
  })
})

describe.each(kinds.filter((kind) => kind === 'sqlite'))('what is left of work on %s', { timeout: 120_000 }, (kind) => {
  it.each(names)('would be noticed if %s was not taken up again', async (work) => {
    expect((await story(kind, work, true)).wrong).not.toEqual([])
  })
})

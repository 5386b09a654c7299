import type { Files } from '../../../application/ports/files.ts'
import type { Upload } from '../../../domain/filing.ts'
import type { Instant } from '../../../domain/ids.ts'
import type { Database, Row } from '../database/connect.ts'
import { type Query, queryOn, time } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { type Step, type Steps, transactionOn } from '../database/transaction.ts'
import { IS_AVATAR, uploadOf } from './rows.ts'
import { amongTexts, inserting, leave } from './steps.ts'

type Collecting = Pick<Files, 'collect' | 'release' | 'released' | 'seize' | 'digests' | 'mend' | 'eraseOwner'>

/** A process that began to remove bytes has this long for it; then others may take them over. */
export const LEASE_MS = 600_000

/** A message, its owner or a chat has the file. */
export const isNeeded = (f: string) => `(exists (select 1 from {file_links} l where l.file_id = ${f}.id)
  or exists (select 1 from {chats} c where c.avatar = ${f}.id)
  or exists (select 1 from {users} u where u.id = ${f}.owner_id and ${IS_AVATAR(f)}))`

const UNLINKED = `not ${isNeeded('f')}`

/** Deletes the files that a statement names and returns how many. */
function* deletion(query: Query, [find, values]: Step, at: Instant): Steps<number> {
  const skipLocked = query.isPostgres ? ' for update of f skip locked' : ''
  const files = yield [`select f.id, f.sha256 from {files} f where ${find}${skipLocked}`, values]
  if (files.length === 0) return 0
  yield [`delete from {files} where ${query.among('id', 1)} returning id`, [files.map(({ id }) => id as string)]]
  const digests = files.map(({ sha256 }) => sha256 as string)
  yield* leave(query, digests, at)
  return files.length
}

interface Collection {
  readonly before: Instant
  readonly at: Instant
  readonly limit: number
}

function* collection(query: Query, { before, at, limit }: Collection): Steps<number> {
  // A trigger that sees a link go knows no time, and nobody tells of a file that has a link again.
  yield ['update {files} set loose_since = $1 where loose_since = 0 returning id', [at]]
  yield [`update {files} set loose_since = null where loose_since < $1 and ${isNeeded('{files}')} returning id`, [before]]
  return yield* deletion(query, [`f.loose_since < $1 and ${UNLINKED} order by f.loose_since limit $2`, [before, limit]], at)
}

function* erasure(query: Query, ownerId: string, at: Instant): Steps<readonly Upload[]> {
  const uploads = yield ['select * from {uploads} where owner_id = $1', [ownerId]]
  yield* deletion(query, [`f.owner_id = $1 and ${UNLINKED} order by f.id`, [ownerId]], at)
  return uploads.map(uploadOf)
}

function* mending(at: Instant): Steps<number> {
  const loose = yield [`update {files} set loose_since = $1 where loose_since is null and not ${isNeeded('{files}')} returning id`, [at]]
  const unused = yield [
    `update {blobs} set unused_since = $1 where unused_since is null and not exists (select 1 from {files} f where f.sha256 = {blobs}.sha256)
      returning sha256`,
    [at],
  ]
  const used = yield [
    'update {blobs} set unused_since = null where unused_since >= $1 and exists (select 1 from {files} f where f.sha256 = {blobs}.sha256) returning sha256',
    [0],
  ]
  return loose.length + unused.length + used.length
}

/** A process that began to remove bytes `$3` ago is believed to be at it. */
const RELEASE = `update {blobs} set unused_since = $2 where sha256 in (select sha256 from {blobs} where unused_since < $1
    and (unused_since >= 0 or -unused_since < $3) order by unused_since limit $4)
  and unused_since < $1 and (unused_since >= 0 or -unused_since < $3)
  and not exists (select 1 from {files} f where f.sha256 = {blobs}.sha256) returning sha256`

const digestsIn = (rows: readonly Row[]) => rows.map(({ sha256 }) => sha256 as string)

export function collecting(database: Database): Collecting {
  const query = queryOn(database)
  const transaction = transactionOn(database)
  return {
    collect: (before, at, limit) => transaction(() => collection(query, { before: time(before), at: time(at), limit })),
    release: async (before, at, limit) => digestsIn(await query(RELEASE, [time(before), -time(at), time(at - LEASE_MS), limit])),
    async released(sha256) {
      await query.change('delete from {blobs} where sha256 = $1 and unused_since < 0', [sha256])
    },
    async seize(digests, at) {
      const known = new Set(digestsIn(await query(`select sha256 from {blobs} where ${amongTexts(query, 'sha256', 1)}`, [digests])))
      const seized: string[] = []
      for (const sha256 of digests.filter((one) => !known.has(one))) {
        const cells = { sha256, size: 0, has_previews: 0, unused_since: -time(at) }
        if ((await query(...inserting('blobs', cells))).length > 0) seized.push(sha256)
      }
      return seized
    },
    async digests(after, limit) {
      const isUsed = 'exists (select 1 from {files} f where f.sha256 = b.sha256)'
      return digestsIn(await query(`select sha256 from {blobs} b where sha256 > $1 and ${isUsed} order by sha256 limit $2`, [after, limit]))
    },
    mend: (at) => transaction(() => mending(time(at))),
    eraseOwner: async (ownerId, at) => (isUuid(ownerId) ? transaction(() => erasure(query, ownerId, time(at))) : []),
  }
}

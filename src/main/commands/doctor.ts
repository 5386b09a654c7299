import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { connectNats } from '../../adapters/bus/nats-lines.ts'
import { databaseFile, type NativeHandle, type SqliteDatabase } from '../../adapters/mikro-orm/database/connect.ts'
import { pendingInNative, pendingMigrations } from '../../adapters/mikro-orm/database/migrate.ts'
import { newId, random } from '../../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { connect, openUpToDate } from '../databases.ts'
import { databaseOf, tablesOf } from '../settings/database.ts'
import { openStore } from '../stores.ts'
import { version } from '../version.ts'
import type { Context } from './context.ts'
import { compareBytes, configuredBlobs } from './file-bytes.ts'

interface Finding {
  readonly name: string
  readonly isWell: boolean
  readonly detail: string
}

/** Looks at everything that serving needs, changes nothing, and says what is to be mended. */
export async function examine({ config, terminal }: Context, { files }: { readonly files?: boolean } = {}): Promise<void> {
  const findings: Finding[] = [
    { name: 'program', isWell: true, detail: `windi-chat ${version} on Node ${process.versions.node}` },
    { name: 'settings', isWell: true, detail: 'all can be used' },
    ...(await database(config)),
    ...(files ? [await probe('files', () => filesOf(config))] : []),
    ...(config.natsUrl === undefined ? [] : [await probe('NATS', () => pingNats(config.natsUrl!))]),
    ...(config.redisUrl === undefined ? [] : [await probe('Redis', () => pingRedis(config.redisUrl!))]),
  ]
  const isWell = findings.every((finding) => finding.isWell)
  const lines = findings.map((finding) => `${finding.isWell ? '✓' : '✗'} ${finding.name.padEnd(10)} ${finding.detail}`)
  terminal.answer(
    { is_well: isWell, findings: findings.map(({ name, isWell: ok, detail }) => ({ name, is_well: ok, detail })) },
    lines.join('\n'),
  )
  if (!isWell) process.exitCode = 1
}

/** Whether all bytes are there that files of the database have. */
async function filesOf(config: Config): Promise<string> {
  const connection = await openUpToDate(config, 'What is in memory cannot be read by another process.')
  try {
    const { all, missing, others } = await compareBytes(connection, configuredBlobs(config))
    if (missing > 0) throw new Error(`${missing} of ${all} are missing`)
    return `all ${all} are there, and ${others} that are no longer needed`
  } finally {
    await connection.close()
  }
}

type Tables = ReturnType<typeof tablesOf>

async function database(config: Config): Promise<Finding[]> {
  const file = databaseFile(config.databaseUrl)
  if (file !== undefined)
    return [await probe('database', () => inFile(file, tablesOf(config))), await probe('folder', () => writable(dirname(file)))]
  return [await probe('database', () => elsewhere(config))]
}

/** A reader that may not write would leave files beside a database whose log nobody holds; one that may would shorten what a crash has left. */
async function inFile(file: string, { prefix }: Tables): Promise<string> {
  const memory = (await connect('sqlite::memory:')) as SqliteDatabase
  const Database = memory.handle.native.constructor as new (file: string, options: object) => NativeHandle
  await memory.close()
  if (!existsSync(file)) return `${file} is made when serving begins`
  const found = new Database(file, { fileMustExist: true, readonly: existsSync(`${file}-wal`) })
  try {
    return told(file, pendingInNative(found, { prefix }))
  } finally {
    found.close()
  }
}

async function elsewhere(config: Config): Promise<string> {
  const { connection, place, close } = await openStore({ ...databaseOf(config), newId, warn: () => {} })
  try {
    return connection?.dialect === 'postgres' ? told(place, await pendingMigrations(connection)) : place
  } finally {
    await close()
  }
}

const told = (place: string, { length: pending }: readonly string[]): string =>
  pending === 0 ? `${place}, tables up to date` : `${place}, ${pending} migrations to run: windi-chat migrate, or serve`

/** A folder that is not there yet is made in the nearest one that is. */
async function writable(folder: string): Promise<string> {
  try {
    await access(`${folder}/.`, constants.W_OK)
    return `${folder} can be written to`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return writable(dirname(folder))
  }
}

async function pingRedis(url: string): Promise<string> {
  const { createClient } = await import('redis')
  const client = createClient({ url, socket: { connectTimeout: 3_000, reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  try {
    return `answers ${await client.ping()}`
  } finally {
    client.destroy()
  }
}

async function pingNats(url: string): Promise<string> {
  const connection = await connectNats({ url, random })
  await connection.close()
  return `answers as ${connection.info?.version}`
}

async function probe(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, isWell: true, detail: await look() }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { name, isWell: false, detail: message || (code ?? 'does not answer') }
  }
}

import { access, constants, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createClient } from 'redis'
import { newId } from '../../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { openStore, type Store } from '../stores.ts'
import { version } from '../version.ts'
import type { Context } from './context.ts'

interface Finding {
  readonly name: string
  readonly isWell: boolean
  readonly detail: string
}

/** Looks at everything that serving needs, changes nothing, and says what is to be mended. */
export async function examine({ config, terminal }: Context): Promise<void> {
  const findings: Finding[] = [
    { name: 'program', isWell: true, detail: `windi-chat ${version} on Node ${process.versions.node}` },
    { name: 'settings', isWell: true, detail: 'all can be used' },
    ...(await database(config)),
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

async function database({ databaseUrl }: Config): Promise<Finding[]> {
  let store: Store | undefined
  const opened = await probe('database', async () => {
    store = await openStore({ databaseUrl, newId, warn: () => {} })
    const pending = await store.pendingMigrations()
    return pending.length === 0
      ? `${store.place}, tables up to date`
      : `${store.place}, ${pending.length} migrations to run: windi-chat migrate, or serve`
  })
  const file = store?.connection?.dialect === 'sqlite' ? store.connection.file : undefined
  const folder = file === undefined ? [] : [await probe('folder', () => writable(dirname(file)))]
  await store?.close()
  return [opened, ...folder]
}

async function writable(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await access(folder, constants.W_OK)
  return `${folder} can be written to`
}

async function pingRedis(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: 3_000, reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  try {
    return `answers ${await client.ping()}`
  } finally {
    client.destroy()
  }
}

async function probe(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, isWell: true, detail: await look() }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { name, isWell: false, detail: message || (code ?? 'does not answer') }
  }
}

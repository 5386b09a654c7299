import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AwsClient } from 'aws4fetch'
import type { S3Options } from '../../src/adapters/files/s3.ts'
import { freePort, tempFolder } from './places.ts'
import { startProgram } from './program.ts'
import { eventually } from './waiting.ts'

const REGION = 'eu-test-1'
const [USER, SECRET] = ['test:tester', 'testing']

/** What Swift is made of behind its proxy; each has a ring that tells where things are: all in one place. */
const PARTS = ['account', 'container', 'object'] as const

export interface Swift {
  /** A new bucket. */
  bucket(): Promise<S3Options>
  stop(): Promise<void>
}

/** OpenStack Swift with one copy of everything, which speaks S3 (Debian: `swift-proxy` and the three servers behind it). */
export async function startSwift(): Promise<Swift> {
  const folder = await tempFolder('windi-chat-swift')
  const started: { stop(): Promise<void> }[] = []
  const port = await freePort()
  const file = async (name: string, lines: string): Promise<string> => {
    await writeFile(join(folder.path, name), lines)
    return join(folder.path, name)
  }
  /** Returns when it answers: whoever asks a part that is not there yet asks it no more for a minute. */
  const serve = async (name: string, at: number, config: string) => {
    const args = [await file(`${name}.conf`, `${common(folder.path, at)}\n${config}`)]
    started.push(await startProgram({ names: [`swift-${name}-server`], args }))
    await eventually(() => fetch(`http://127.0.0.1:${at}/`), { timeoutMs: 60_000 })
  }

  await mkdir(join(folder.path, 'devices/disk'), { recursive: true })
  await Promise.all(
    PARTS.map(async (part) => {
      const at = await freePort()
      await makeRing(folder.path, part, at)
      await serve(part, at, `[pipeline:main]\npipeline = ${part}-server\n[app:${part}-server]\nuse = egg:swift#${part}\n`)
    }),
  )
  await serve('proxy', port, PROXY)
  const url = `http://127.0.0.1:${port}`
  const client = new AwsClient({ accessKeyId: USER, secretAccessKey: SECRET, region: REGION, service: 's3', retries: 0 })
  let buckets = 0
  return {
    async bucket() {
      const bucket = `${url}/chat-${++buckets}`
      const { ok, status } = await client.fetch(bucket, { method: 'PUT' })
      if (!ok) throw new Error(`Swift answered ${status}`)
      return { bucket, key: USER, secret: SECRET, region: REGION }
    },
    async stop() {
      for (const one of started) await one.stop()
      await folder.remove()
    },
  }
}

async function makeRing(folder: string, part: string, port: number): Promise<void> {
  const build = (...args: readonly string[]) => promisify(execFile)('swift-ring-builder', [join(folder, `${part}.builder`), ...args])
  await build('create', '4', '1', '1')
  await build('add', '--region', '1', '--zone', '1', '--ip', '127.0.0.1', '--port', String(port), '--device', 'disk', '--weight', '1')
  await build('rebalance')
}

const common = (folder: string, port: number) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
disable_fallocate = true
`

const PROXY = `[pipeline:main]
pipeline = gatekeeper cache s3api tempauth copy slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_${USER.replace(':', '_')} = ${SECRET} .admin
[filter:s3api]
use = egg:swift#s3api
location = ${REGION}
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
${['gatekeeper', 'copy', 'slo'].map((name) => `[filter:${name}]\nuse = egg:swift#${name}\n`).join('')}`

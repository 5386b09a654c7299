import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultConfig, settingNames } from '../../src/main/config.ts'
import { openApplication } from '../../src/main/container.ts'
import { openSockets } from '../../src/main/edges.ts'
import { gauges } from '../../src/main/gauges.ts'
import { silent } from '../../src/main/logging.ts'
import { tempFolder } from '../support/places.ts'

const run = promisify(execFile)
const path = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
const read = (name: string) => readFile(path(name), 'utf8')

let folder: Awaited<ReturnType<typeof tempFolder>>
/** A certificate where the examples of proxies have theirs. */
let certificate: string
beforeAll(async () => {
  folder = await tempFolder('windi-chat-deploy')
  certificate = join(folder.path, 'fullchain.pem')
  const key = join(folder.path, 'privkey.pem')
  const subject = ['-subj', '/CN=chat.example.com', '-days', '2']
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject])
  await writeFile(join(folder.path, 'haproxy.pem'), (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8')))
})
afterAll(() => folder.remove())

/** A file of `deploy/` in a folder of its own, with the paths of this machine in it. */
async function placed(name: string): Promise<string> {
  const logs = join(folder.path, 'logs')
  await mkdir(logs, { recursive: true })
  const text = (await read(name)).replaceAll('/etc/ssl/chat.example.com', folder.path).replaceAll('/var/log/nginx', logs)
  const file = join(folder.path, name)
  await writeFile(file, text)
  return file
}

describe('the files for proxies', () => {
  it('are taken by nginx', async () => {
    const { stderr } = await run('nginx', [
      '-t',
      '-q',
      '-e',
      'stderr',
      '-g',
      `pid ${join(folder.path, 'nginx.pid')};`,
      '-c',
      await placed('nginx.conf'),
    ])
    expect(stderr).toBe('')
  })

  it('are taken by HAProxy', async () => {
    const { stdout, stderr } = await run('haproxy', ['-c', '-q', '-f', await placed('haproxy.cfg')])
    expect(stdout + stderr).toBe('')
  })

  it('are taken by Caddy', async () => {
    const env = { PATH: process.env.PATH, HOME: folder.path }
    const { stderr } = await run('caddy', ['validate', '--adapter', 'caddyfile', '--config', await placed('Caddyfile')], { env })
    expect(stderr).not.toMatch(/"level":"(error|warn)"/)
  })

  it.each(['nginx.conf', 'haproxy.cfg', 'Caddyfile'])('keep /metrics to themselves and name the client: %s', async (name) => {
    const text = await read(name)
    expect(text).toContain('/metrics')
    expect(text).toContain('X-Forwarded-For')
  })
})

describe('the unit for systemd', () => {
  it('is taken, and names only settings that there are', async () => {
    const unit = join(folder.path, 'windi-chat@8000.service')
    await cp(path('windi-chat@.service'), unit)
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', unit]).catch((error: { stderr: string }) => error)
    expect(stderr.split('\n').filter((line) => line.includes('windi-chat@'))).toEqual([])
    const names = (await read('windi-chat@.service'))
      .split('\n')
      .filter((line) => line.startsWith('Environment='))
      .flatMap((line) => [...line.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name!))
    expect(names.filter((name) => name !== 'NODE_ENV' && !settingNames.includes(name))).toEqual([])
  })
})

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, object>>
}
interface Service {
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
  readonly ports?: readonly string[]
  readonly networks?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
}

describe('the composition of two processes', async () => {
  const { services, secrets } = parse(await read('compose.yml'), { merge: true }) as Compose
  const all = Object.entries(services)

  it('gives no service more than it needs', () => {
    expect(all.map(([name]) => name)).toEqual(['chat-1', 'chat-2', 'proxy', 'postgres', 'redis'])
    for (const [name, { read_only, cap_drop, security_opt, mem_limit, image }] of all) {
      expect([name, read_only, cap_drop, security_opt]).toEqual([name, true, ['ALL'], ['no-new-privileges:true']])
      expect([mem_limit, image]).toEqual([expect.any(String), expect.any(String)])
    }
    expect(all.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['proxy'])
  })

  it('has secrets in files only, and names settings that there are', () => {
    const given = all.flatMap(([, { environment = {} }]) => Object.entries(environment))
    const secret = given.filter(([name]) => /SECRET|PASSWORD|TOKEN|DATABASE_URL/.test(name))
    expect(secret.length).toBeGreaterThan(4)
    for (const entry of secret) expect(entry).toEqual([expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)])
    for (const name of all.flatMap(([, { secrets: used = [] }]) => used)) expect(Object.keys(secrets)).toContain(name)
    for (const name of Object.keys(services['chat-1']!.environment!)) expect(settingNames).toContain(name)
    expect(services['chat-1']!.healthcheck!.test.join(' ')).toContain('/livez')
  })
})

describe('what looks at metrics', () => {
  it('asks for metrics that there are', async () => {
    const config = { ...defaultConfig(), databaseUrl: `sqlite:${join(folder.path, 'chat.db')}` }
    const app = await openApplication({ config, log: silent() })
    const sockets = await openSockets({ app, config, log: silent(), readiness: { isDraining: false } })
    gauges({ app, readiness: { isDraining: false }, requests: { count: () => 0 } })
    const { text } = await app.metrics.render()
    sockets.close()
    await app.close()
    const known = new Set([...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name, type]) => namesOf(name!, type!)))
    // Of Postgres, which this application is not on.
    for (const name of ['connections', 'connections_idle', 'waiting']) known.add(`windi_chat_database_${name}`)

    const { groups } = parse(await read('prometheus/alerts.yml')) as { groups: { rules: { expr: string; annotations: object }[] }[] }
    const { panels } = JSON.parse(await read('grafana/dashboard.json')) as { panels: { targets: { expr: string }[] }[] }
    const rules = groups.flatMap((group) => group.rules)
    for (const { annotations } of rules) expect(Object.keys(annotations)).toEqual(['summary', 'remedy'])
    const asked = [...rules, ...panels.flatMap(({ targets }) => targets)].flatMap(
      ({ expr }) => expr.match(/\b(windi_chat|nodejs|process)_\w+/g) ?? [],
    )
    expect(asked.length).toBeGreaterThan(30)
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([])
  })
})

const namesOf = (name: string, type: string): readonly string[] =>
  type === 'histogram' ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name]

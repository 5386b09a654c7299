import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultConfig, readConfig } from '../../src/main/config.ts'

interface Compose {
  services: Record<
    string,
    { image?: string; environment?: Record<string, string>; depends_on?: Record<string, unknown>; volumes?: string[]; healthcheck?: object }
  >
  volumes: Record<string, unknown>
}

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const dockerfile = (await read('Dockerfile'))
  .replaceAll('\\\n', '')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line.trim()))
const said = (instruction: string) =>
  dockerfile.flatMap((line) => (line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1).trim()] : []))
const ignored = (await read('.dockerignore')).split('\n')

/** No engine builds the image here, so what can be wrong in it without one is looked at. */
describe('the image', () => {
  it('copies only what exists and is sent to the engine', () => {
    const sources = said('COPY')
      .filter((line) => !line.startsWith('--from') && line !== '. .')
      .flatMap((line) => line.split(/\s+/).slice(0, -1))
    expect(sources.length).toBeGreaterThan(3)
    for (const source of [...sources, ...'src tools tsconfig.json tsconfig.build.json'.split(' ')]) {
      expect(existsSync(new URL(`../../${source}`, import.meta.url)), source).toBe(true)
      expect(ignored).toContain(`!${source}`)
    }
    expect(ignored[0]).toBe('*')
  })

  it('runs the program of the package, on the Node that a clone uses, and not as root', async () => {
    const { bin, devDependencies } = JSON.parse(await read('package.json')) as Record<string, Record<string, string>>
    expect(JSON.parse(said('ENTRYPOINT')[0]!)).toEqual(['node', bin!['windi-chat']])
    expect(said('USER')).toEqual(['node'])
    expect(said('FROM').every((line) => line.startsWith(`node:${devDependencies!.node!.split('.')[0]}-`))).toBe(true)
  })

  it.each([
    [200, 0],
    [503, 1],
  ])('is healthy by what /readyz answers: %i', async (status, exitCode) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const [, ...args] = JSON.parse(said('HEALTHCHECK')[0]!.replace(/^.*CMD /, '')) as string[]
    const PORT = String((server.address() as AddressInfo).port)
    const ran = promisify(execFile)(process.execPath, args, { env: { PORT } })
    await expect(
      ran.then(
        () => 0,
        (error: { code: number }) => error.code,
      ),
    ).resolves.toBe(exitCode)
    server.close()
  })
})

describe('the compose file', async () => {
  const { services, volumes } = parse(await read('docker-compose.yml')) as Compose

  it('waits only for services that exist and tell their health', () => {
    for (const awaited of Object.values(services).flatMap((service) => Object.keys(service.depends_on ?? {}))) {
      expect(services[awaited]).toHaveProperty('healthcheck')
    }
    expect(Object.keys(services['windi-chat']!.depends_on!)).toContain('postgres')
  })

  it('keeps the data in volumes that are declared', () => {
    const used = Object.values(services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0]!))
    expect(used).toEqual(Object.keys(volumes))
  })

  /** The settings of the program as compose gives them, for whoever has set these. */
  const given = (environment: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(services['windi-chat']!.environment!).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{(\w+):-(.*?)\}/g, (_, setting: string, fallback: string) => environment[setting] || fallback),
      ]),
    )

  it('leaves settings as they are by themselves where nobody sets them', () => {
    const databaseUrl = 'postgres://windi:windi@postgres:5432/windi'
    expect(readConfig(given({}))).toEqual({
      config: { ...defaultConfig(), metricsListen: { host: '127.0.0.1', port: 9_464 }, databaseUrl },
    })
  })

  it('hands on every setting of the reference', async () => {
    const rows = (await read('docs/reference/settings.md')).split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line))
    const names = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
    expect(names.length).toBeGreaterThan(12)
    // Where it listens is the image's business, what it connects to is in this file, and a file of a secret would have to be mounted.
    const own = ['HOST', 'PORT', 'DATABASE_URL']
    for (const name of names.filter((name) => !own.includes(name) && !name.endsWith('_FILE')))
      expect(given({ [name]: 'as set' })).toMatchObject({ [name]: 'as set' })
  })

  it('points the program at the Postgres that it starts', () => {
    const { environment } = services['postgres']!
    const url = services['windi-chat']!.environment!.DATABASE_URL!
    expect(url).toBe(`postgres://${environment!.POSTGRES_USER}:${environment!.POSTGRES_PASSWORD}@postgres:5432/${environment!.POSTGRES_DB}`)
  })
})

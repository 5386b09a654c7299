import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { argon2Passwords } from '../../../src/adapters/auth/argon2-passwords.ts'
import { logging } from '../../../src/main/logging.ts'
import { createServer } from '../../../src/main/server.ts'
import { type ServerOptions } from '../../../src/main/server-options.ts'
import { tempFolder } from '../../support/places.ts'

const cheap = { passwords: argon2Passwords({ memoryCost: 1_024, timeCost: 2 }) }

async function started(options: ServerOptions = {}) {
  const server = await createServer({ databaseUrl: 'memory:', port: 0, ports: cheap, ...options })
  return { ...server, [Symbol.asyncDispose]: server.close }
}

const register = (url: string, name: string) =>
  fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.com`, password: 'a long password' }),
  })

describe('a server in one’s own program', () => {
  it.each(['memory:', 'sqlite::memory:'])('serves from %s, and can be driven from within', async (databaseUrl) => {
    await using server = await started({ databaseUrl })
    const { user } = await (await register(server.url, 'anna')).json()
    const caller = { userId: user.id, sessionId: user.id }
    expect((await server.api.getMe(caller)).name).toBe('anna')
  })

  it('shares nothing with another one in the same process', async () => {
    await using one = await started()
    await using other = await started()
    const { access_token: token } = await (await register(one.url, 'anna')).json()
    expect((await register(other.url, 'anna')).status).toBe(201)
    expect((await fetch(`${other.url}/api/v1/users/me`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(401)
  })

  it('reads nothing from the environment', async () => {
    process.env.DEMO = 'on'
    await using server = await started()
    delete process.env.DEMO
    expect(await (await fetch(`${server.url}/api/v1`)).json()).toMatchObject({ guest: false })
  })

  it('is closed once, however often, and then holds its port no longer', async () => {
    const server = await started()
    await Promise.all([server.close(), server.close()])
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await using again = await started({ port: Number(new URL(server.url).port) })
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200)
  })

  it('says why it cannot start, and holds nothing then', async () => {
    await using folder = await tempFolder()
    await writeFile(join(folder.path, 'taken'), 'a file, not a folder')
    await expect(started({ databaseUrl: `sqlite:${join(folder.path, 'taken', 'chat.db')}` })).rejects.toThrow('EEXIST')
    await using first = await started()
    await expect(started({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('writes every request into a log of debug level, without who and what', async () => {
    const lines: string[] = []
    const log = logging({ level: 'debug', isPretty: false, write: (line) => lines.push(line) })
    await using server = await started({ log })
    const { access_token: token } = await (await register(server.url, 'anna')).json()
    await fetch(`${server.url}/api/v1/users?query=geheim`, { headers: { Authorization: `Bearer ${token}` } })
    const written = lines.join('')
    for (const operation of ['register', 'findUsers']) expect(written).toContain(`"operation":"${operation}"`)
    for (const word of ['geheim', 'anna', token]) expect(written).not.toContain(word)
  })
})

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { tempFolder } from '../support/places.ts'
import { type Service, startService } from '../support/service.ts'
import { block } from './blocks.ts'

const run = promisify(execFile)

describe('the walk by curl', () => {
  let service: Service
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())

  const here = (code: string) => code.replaceAll('127.0.0.1:8000', new URL(service.url).host)

  it('registers two people who chat by curl, each message once', async () => {
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here(block('docs/guides/http.md', 'walk'))])
    const replies = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [sent, again, , read, history, log] = replies
    expect(again).toEqual(sent)
    expect(read).toMatchObject({ read_seq: 2, unread: 0 })
    expect(history.items.map((message: { text: string }) => message.text)).toEqual(['Привет, Борис!', 'Привет!'])
    expect(log.items.map((event: { seq: number }) => event.seq)).toEqual([1, 2, 3])
  })

  it('sends a picture by curl, which the other reads without a token', async () => {
    const folder = await tempFolder('windi-chat-walk')
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here(block('docs/guides/files.md', 'walk'))], { cwd: folder.path })
    expect(stdout).toContain('"type":"image/gif","kind":"image","width":1,"height":1')
    expect(stdout).toContain('"alt":"A dot"')
    expect(stdout).toMatch(/HTTP\/1.1 200 OK[^]*content-security-policy: default-src 'none'; sandbox/i)
    const [sent, read] = await Promise.all(['dot.gif', 'copy.gif'].map((name) => readFile(join(folder.path, name))))
    expect(read).toEqual(sent)
    await folder.remove()
  })

  it('goes on over a socket', async () => {
    const script = `${here(block('docs/extend/write-a-client.md', 'socket'))}\nsetTimeout(() => socket.close(), 1500)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).toContain("type: 'hello'")
    expect(stdout).toContain('Как дела?')
    expect(stdout).toContain("type: 'event'")
    expect(stdout).not.toContain("type: 'error'")
  })
})

describe('the commands of the guides', () => {
  it('serve with the settings of the quickstart', async () => {
    const [, ...settings] = /^((?:\w+=\S+ )+)npm start$/m.exec(block('docs/quickstart.md', 'serve'))![0].split(' ').reverse()
    const env = Object.fromEntries(settings.filter((word) => word.includes('=')).map((word) => word.split('=')))
    const service = await startService({ env })
    try {
      const { guest } = (await (await fetch(`${service.url}/api/v1`)).json()) as { guest: boolean }
      expect(guest).toBe(true)
      const { headers } = await fetch(`${service.url}/api/v1`, { headers: { origin: 'http://localhost:5173' } })
      expect(headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    } finally {
      await service.stop()
    }
  })

  it('serve on Postgres by one setting', async () => {
    const [, setting, command] = /^(\w+)=\S+ npx windi-chat (.*)$/m.exec(block('docs/operate/deploy.md', 'postgres'))!
    const database = await freshDatabase()
    const service = await startService({ env: { [setting!]: database.url }, args: command!.split(' ') })
    try {
      const { status } = await fetch(`${service.url}/readyz`)
      expect(status).toBe(200)
    } finally {
      await service.stop()
      await database.drop()
    }
  })
})

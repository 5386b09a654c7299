import { createECDH, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { freePort } from '../support/places.ts'
import { type Service, startService } from '../support/service.ts'
import { block } from './blocks.ts'
import { type Consumer, consumer } from './consumer.ts'

/** Programs that end by themselves, and what they print. */
const programs: readonly (readonly [code: string, prints: string])[] = [
  [block('docs/concepts/overview.md', 'overview'), '2 message.sent\n3 chat.renamed\n'],
  [block('docs/concepts/log-and-cursor.md', 'rules'), '1,2,3,4,5\n'],
  [block('docs/concepts/delivery.md', 'delivery'), '20 messages, 20 different, the last is message 20\n'],
  [block('docs/concepts/receipts.md', 'receipts'), 'unread 1\nunread 0\nread true\nBoris\n'],
  [block('docs/concepts/presence.md', 'presence'), 'Boris is online\n1 typing\noffline\n'],
  [block('docs/concepts/roles.md', 'roles'), "not-allowed owner or admin\nBoris's team\n"],
  [block('docs/guides/content.md', 'content'), '1 mention\nAnna - @Boris, **order 17** has arrived\n'],
  [block('docs/guides/embed.md', 'cursors'), '1 chat.created\n2 message.sent\ntrue true\n'],
  [block('docs/guides/files.md', 'storage'), 'hello.txt 5\n'],
  [block('docs/guides/groups.md', 'groups'), 'slow-mode\nnot-allowed\n3\nbanned\n'],
  [block('docs/guides/moderation.md', 'moderation'), '****\ntrue\nno-links\n'],
  [block('docs/guides/bots.md', 'bot'), 'You said: Hello\nYou said: Maintenance at noon\n'],
  [block('docs/guides/consent.md', 'consent'), 'true\ntrue\n1\n'],
  [block('docs/guides/follow.md', 'follow'), '2 Hello\n'],
  [block('docs/guides/webhooks.md', 'verify'), 'true\nfalse\n'],
  [block('docs/guides/own-users.md', 'own-users'), 'crm:4711 Anna\n401\n'],
  [block('docs/guides/own-database.md', 'own-database'), '1 Order 17 is on its way\n{ n: 1 }\n'],
  [block('docs/guides/import.md', 'import'), '{ users: 2, chats: 1, messages: 2, repeated: 0, skipped: 0 }\n2\n'],
]

/** A key of a browser: a point of P-256, or a secret. */
function randomKey(length: 65 | 16): string {
  if (length === 16) return randomBytes(16).toString('base64url')
  const pair = createECDH('prime256v1')
  return pair.generateKeys().toString('base64url')
}

describe('the programs of the documents', () => {
  let somebody: Consumer
  beforeAll(async () => {
    somebody = await consumer()
  })
  afterAll(() => somebody[Symbol.asyncDispose]())

  it.each(programs)('print what is said: %#', async (code, prints) => {
    const { stdout, stderr } = await somebody.run(await somebody.write('program.ts', code))
    expect(stdout).toBe(prints)
    expect(stderr).toBe('')
  })

  it('commit a change of their own with a message on Postgres', async () => {
    await using own = await freshDatabase()
    const file = await somebody.write('program.ts', block('docs/guides/transactions.md', 'transactions'))
    const { stdout } = await somebody.run(file, { DATABASE_URL: own.url })
    expect(stdout).toBe('2\n[ { seq: 2 } ]\n')
  })

  it.each([
    ['a store', block('docs/extend/write-a-store.md', 'store')],
    ['a bus', block('docs/extend/write-a-bus.md', 'bus')],
  ])(
    'hold %s to its contract',
    async (_, code) => {
      await somebody.write('kit.test.ts', code)
      const vitest = `"${process.execPath}" node_modules/vitest/vitest.mjs run kit.test.ts --root . --reporter dot`
      const { stdout } = await somebody.shell(vitest, { CI: '1' })
      expect(stdout).toMatch(/Tests\s+.*\d+ passed/)
      expect(stdout).not.toContain('failed')
    },
    120_000,
  )
})

describe('the commands of the documents', () => {
  it('copy, restore, migrate, and let somebody sign in', { timeout: 60_000 }, async () => {
    await using somebody = await consumer()
    await somebody.shell('npx windi-chat seed')
    const account = await somebody.shell(block('docs/concepts/identity.md', 'account'))
    expect(account.stdout).toMatch(/[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const restored = await somebody.shell(block('docs/operate/backup.md', 'backup'))
    expect(restored.stdout).toContain('copy.db')
    expect((await somebody.shell(block('docs/operate/backup.md', 'epoch'))).stdout).not.toBe('')
    expect((await somebody.shell(block('docs/operate/upgrade.md', 'migrate'))).stdout).toContain('up to date')
    const staff = await somebody.shell(block('docs/operate/accounts.md', 'staff'))
    expect(staff.stdout).toContain('member of staff')
    expect(staff.stdout).toContain('disabled since')
    for (const deed of ['user.staff-made', 'user.recovery-made', 'user.disabled']) expect(staff.stdout).toContain(`"deed":"${deed}"`)
    const hook = await somebody.shell(block('docs/guides/webhooks.md', 'hook'))
    expect(hook.stdout).toMatch(/whsec_\S{43}=?/)
    expect(hook.stdout).toContain('"url":"https://example.com/hook"')
    const key = await somebody.shell(block('docs/guides/bots.md', 'key'))
    expect(key.stdout).toMatch(/^wck_[0-9a-f-]{36}_\S{43}$/m)
    expect(key.stdout).toContain('"name":"Shop"')
    expect((await somebody.shell(block('docs/operate/deploy.md', 'doctor'))).stdout).not.toContain('✗')
  })
})

describe('a running service', () => {
  let service: Service
  let metrics: string
  beforeAll(async () => {
    metrics = `127.0.0.1:${await freePort()}`
    service = await startService({ env: { METRICS_LISTEN: metrics, PUSH_HOSTS: '127.0.0.1' } })
  })
  afterAll(() => service.stop())

  const ask = async (code: string) => {
    await using somebody = await consumer()
    return (await somebody.shell(code.replaceAll('127.0.0.1:8000', new URL(service.url).host).replaceAll('127.0.0.1:9464', metrics))).stdout
  }

  it('notifies a device, and mutes a chat, as the guide says', async () => {
    await using somebody = await consumer()
    await somebody.write('notices.ts', block('docs/guides/notifications.md', 'notices'))
    const program = `
      import { createAuth, createChat } from 'windi-chat/client'
      import { muteForAnHour, turnOn } from './notices.ts'
      const url = ${JSON.stringify(service.url)}
      const auth = createAuth({ url })
      await auth.register({ name: 'Anna', email: crypto.randomUUID() + '@example.com', password: 'four words in line' })
      const client = createChat({ url, auth })
      client.start()
      const keys = { p256dh: ${JSON.stringify(randomKey(65))}, auth: ${JSON.stringify(randomKey(16))} }
      const subscription = { toJSON: () => ({ endpoint: 'http://127.0.0.1:9/push', keys }) }
      let key = 0
      const pushManager = { subscribe: async (options) => ((key = options.applicationServerKey.length), subscription) }
      await turnOn(client, { pushManager } as never, 'device')
      const { id } = await client.chats.createGroup({ name: 'Tea' })
      console.log(key, (await muteForAnHour(client, id)).mutedUntil! > Date.now())
      client.close()`
    const { stdout } = await somebody.run(await somebody.write('program.ts', program))
    expect(stdout).toBe('87 true\n')
  })

  it('has every metric that the documents watch', async () => {
    const shown = await ask(block('docs/operate/metrics.md', 'metrics'))
    const text = await readFile(new URL('../../docs/operate/metrics.md', import.meta.url), 'utf8')
    // Those of another store end in its name; that each is fed is seen in metrics.test.ts.
    const here = text.replace(/^.*\(Postgres\) \|$/gm, '')
    const names = [...here.matchAll(/`([a-z]+(?:_\w+)+)(?:\{[^`]*)?`/g)].map(([, name]) => name!).filter((name) => name !== 'request_id')
    expect(names.length).toBeGreaterThan(8)
    for (const name of names) expect(shown, name).toContain(`# TYPE ${name.replace(/_count$/, '')} `)
  })

  it('sends the headers that the documents promise', async () => {
    const headers = (await ask(block('docs/operate/security.md', 'headers'))).toLowerCase()
    for (const header of [
      'x-content-type-options: nosniff',
      'content-security-policy:',
      'x-frame-options: deny',
      'referrer-policy: no-referrer',
    ])
      expect(headers).toContain(header)
  })
})

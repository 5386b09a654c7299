import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { freshDatabase } from '../support/databases.ts'
import { testIssuer } from '../support/issuer.ts'
import { startService } from '../support/service.ts'
import { eventually } from '../support/waiting.ts'
import { type Consumer, consumer } from './consumer.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const examples = join(root, 'examples')
const source = (name: string) => readFile(join(examples, name), 'utf8')

const hasGo = await run('go', ['version']).then(
  () => true,
  () => false,
)

interface OpenApi {
  readonly paths: Readonly<Record<string, object>>
  readonly components: { readonly schemas: object }
}

/** Exports as the other systems write them, one message with a reply in each. */
const exports: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly given: string }>> = {
  'slack': {
    given: '.',
    files: {
      'users.json': '[{"id":"U1","name":"anna","real_name":"Anna"},{"id":"U2","name":"boris"}]',
      'channels.json': '[{"id":"C1","name":"general","creator":"U1","members":["U1","U2"],"created":1546398245}]',
      'general/2019-01-02.json':
        '[{"type":"message","user":"U1","text":"See <https://example.com|this> &amp; that","ts":"1546398300.000200"},{"type":"message","user":"U2","text":"Hi","ts":"1546398400.000100","thread_ts":"1546398300.000200"}]',
    },
  },
  'mattermost': {
    given: 'export.jsonl',
    files: {
      'export.jsonl': [
        '{"type":"version","version":1}',
        '{"type":"channel","channel":{"team":"t","name":"general","display_name":"General"}}',
        '{"type":"user","user":{"username":"anna","first_name":"Anna","last_name":""}}',
        '{"type":"user","user":{"username":"boris"}}',
        '{"type":"post","post":{"team":"t","channel":"general","user":"anna","message":"See https://example.com & that","create_at":1546398300000,"replies":[{"user":"boris","message":"Hi","create_at":1546398400000}]}}',
      ].join('\n'),
    },
  },
  'rocket-chat': {
    given: '.',
    files: {
      'users.json': '{"_id":"u1","name":"Anna","username":"anna"}\n{"_id":"u2","username":"boris"}',
      'rocketchat_room.json': '{"_id":"r1","t":"c","name":"general","u":{"_id":"u1"},"ts":{"$date":"2019-01-02T03:04:05Z"}}',
      'rocketchat_message.json':
        '{"_id":"m1","rid":"r1","msg":"See https://example.com & that","ts":{"$date":"2019-01-02T03:05:00Z"},"u":{"_id":"u1"}}\n{"_id":"m2","rid":"r1","msg":"Hi","ts":{"$date":"2019-01-02T03:06:00Z"},"u":{"_id":"u2"},"tmid":"m1"}',
    },
  },
  'telegram': {
    given: 'result.json',
    files: {
      'result.json':
        '{"id":1,"name":"General","messages":[{"id":1,"type":"message","date_unixtime":"1546398300","from":"Anna","from_id":"user1","text":["See ",{"type":"link","text":"https://example.com"}," & that"]},{"id":2,"type":"message","date_unixtime":"1546398400","from":"Boris","from_id":"user2","text":"Hi","reply_to_message_id":1}]}',
    },
  },
}

describe('the examples', () => {
  let somebody: Consumer
  beforeAll(async () => {
    somebody = await consumer()
  })
  afterAll(() => somebody[Symbol.asyncDispose]())

  it('are all run here, or with Next in `test/packaging`', async () => {
    const folders = (await readdir(examples, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const others = ['one-schema', 'cookie', 'jwks', 'react', 'next', 'page', 'python', 'go', 'import']
    const known = [...programs.map(([name]) => name), ...servers, ...others]
    expect(folders.toSorted()).toEqual(known.toSorted())
    expect((await readdir(join(examples, 'import'))).toSorted()).toEqual(
      Object.keys(exports)
        .map((name) => `${name}.ts`)
        .toSorted(),
    )
  })

  const programs = [
    ['embed', 'Boris receives: Hello, Boris\n'],
    ['bot', 'You said: Hello\n'],
    ['moderation', 'That **** printer\nno-links\n'],
    ['order', '[ { id: 1 } ] Order 1 is on its way\n'],
  ] as const
  it.each(programs)('%s prints what it says', async (name, prints) => {
    expect((await somebody.run(await somebody.write(`${name}.ts`, await source(`${name}/main.ts`)))).stdout).toBe(prints)
  })

  it('one-schema leaves the tables of the application alone', async () => {
    await using own = await freshDatabase()
    const file = await somebody.write('schema.ts', await source('one-schema/main.ts'))
    expect((await somebody.run(file, { DATABASE_URL: own.url })).stdout).toBe('0 1\n')
  })

  const servers = ['express', 'fastify', 'nest', 'hono', 'koa']
  it.each(servers)('%s serves its own page and the chat', async (name) => {
    const { url, stop } = await somebody.serve(await somebody.write(`${name}.ts`, await source(`${name}/main.ts`)))
    try {
      await eventually(async () => expect((await fetch(`${url}/chat/api/v1`)).status).toBe(200), { timeoutMs: 15_000 })
      expect(await (await fetch(url)).text()).toBe('my own page')
    } finally {
      stop()
    }
  })

  it('cookie knows who comes with a cookie', async () => {
    const { url, stop } = await somebody.serve(await somebody.write('cookie.ts', await source('cookie/main.ts')))
    try {
      const me = () => fetch(`${url}/api/v1/users/me`, { headers: { cookie: 'session=c0ffee' } })
      const answer = await eventually(async () => (await me()).json(), { timeoutMs: 15_000 })
      expect(answer).toMatchObject({ external_id: 'crm:4711', name: 'Anna' })
    } finally {
      stop()
    }
  })

  it('react is built by Vite, and lets somebody write', { timeout: 60_000 }, async () => {
    for (const name of ['index.html', 'main.tsx']) await somebody.write(`react/${name}`, await source(`react/${name}`))
    await build({ root: join(somebody.path, 'react'), configFile: false, logLevel: 'error', build: { outDir: 'built' } })
    const program = `
      import { readFile } from 'node:fs/promises'
      import { createServer } from 'node:http'
      import { openChat } from '@windi-chat/server'
      const chat = await openChat({ databaseUrl: 'memory:' })
      const server = createServer(async (request, response) => {
        if (request.url.startsWith('/api')) return chat.listener(request, response)
        const file = request.url === '/' ? '/index.html' : request.url
        const type = file.endsWith('.js') ? 'text/javascript' : 'text/html'
        response.setHeader('content-type', type).end(await readFile(new URL('built' + file, import.meta.url)).catch(() => ''))
      })
      chat.attach(server)
      server.listen(Number(process.env.PORT))`
    await inBrowser(await somebody.write('react/serve.mjs', program), async (page) => {
      await page.getByRole('button', { name: 'Come in' }).click()
      await page.getByRole('button', { name: 'Open a room' }).click()
      await page.getByLabel('Message').fill('Hello')
      await page.getByLabel('Message').press('Enter')
      await eventually(async () => expect(await page.getByRole('listitem').allInnerTexts()).toEqual(['Hello']))
    })
  })

  /** Runs a program that serves a page, and opens the page. Rejects if the page has thrown anything. */
  async function inBrowser(program: string, use: (page: Page, url: string) => Promise<void>): Promise<void> {
    const { url, stop } = await somebody.serve(program)
    let browser: Browser | undefined
    const wrong: string[] = []
    try {
      await eventually(async () => expect((await fetch(url)).status).toBe(200), { timeoutMs: 15_000 })
      browser = await launchBrowser()
      const page = await browser.newPage()
      page.on('pageerror', (error) => wrong.push(String(error)))
      await page.goto(url)
      await use(page, url).catch((error: unknown) => {
        throw new AggregateError([error, ...wrong], wrong.join('\n'))
      })
    } finally {
      await browser?.close()
      stop()
    }
    expect(wrong).toEqual([])
  }

  it('page is loaded by a browser as it is', { timeout: 60_000 }, async () => {
    await somebody.write('page/index.html', await source('page/index.html'))
    await inBrowser(await somebody.write('page/main.ts', await source('page/main.ts')), async (page, url) => {
      expect((await fetch(`${url}/modules/client/none.js`)).status).toBe(404)
      await page.getByLabel('Message').fill('Hello')
      await page.getByLabel('Message').press('Enter')
      await eventually(async () => expect(await page.getByRole('listitem').allInnerTexts()).toEqual(['Hello']))
    })
  })

  it('python chats by the standard library', async () => {
    await using service = await startService()
    const { stdout } = await run('python3', [join(examples, 'python/client.py'), service.url])
    expect(stdout).toBe('True\n1 chat.created\n2 message.sent\n')
  })

  it('go asks for what the service has, and reads what it answers', async () => {
    const code = await source('go/client.go')
    const { paths, components } = JSON.parse(await readFile(join(root, 'docs/openapi.json'), 'utf8')) as OpenApi
    const asked = [...code.matchAll(/call\("(\w+)", (?:fmt\.Sprintf\()?("[^"]+"|path),/g)].map(
      ([, method, path]) => [method, path] as const,
    )
    const path = /path := (.*)\n/.exec(code)![1]!.replaceAll(/" \+ [\w.]+ \+ "/g, '%s')
    const calls = asked.map(([method, given]) => `${method} ${(given === 'path' ? path : given!).replaceAll('"', '').split('?')[0]}`)
    expect(calls).toHaveLength(4)
    const known = Object.entries(paths).flatMap(([name, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${name.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '%s')}`),
    )
    for (const one of calls) expect(known).toContain(one)
    const members = JSON.stringify(components.schemas)
    for (const [, member] of code.matchAll(/`json:"(\w+)"`/g)) expect(members).toContain(`"${member}":`)
  })

  it.runIf(hasGo)('go chats by the standard library', { timeout: 120_000 }, async () => {
    await using service = await startService()
    const { stdout } = await run('go', ['run', join(examples, 'go/client.go'), service.url])
    expect(stdout).toBe('true\n1 chat.created\n2 message.sent\n')
  })

  it.each(Object.entries(exports))('import: %s', async (name, { files, given }) => {
    const folder = join(somebody.path, 'exports', name)
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(folder, file, '..'), { recursive: true })
      await writeFile(join(folder, file), text)
    }
    const history = join(folder, 'history.jsonl')
    await writeFile(history, (await run(process.execPath, [join(examples, `import/${name}.ts`), given], { cwd: folder })).stdout)
    await writeFile(
      join(folder, 'main.ts'),
      `import { readFileSync } from 'node:fs'
      import { embed } from 'windi-chat'
      import { memory } from 'windi-chat/memory'
      const chat = embed(memory())
      await chat.importHistory(readFileSync('history.jsonl', 'utf8').split('\\n'))
      const [anna] = [JSON.parse(readFileSync('history.jsonl', 'utf8').split('\\n')[0])]
      const as = chat.as({ externalId: anna.user })
      const { items: [view] } = await as.listChats({}, { from: undefined, limit: 1 })
      const { items } = await as.listMessages({ chatId: view.chat.id, window: { kind: 'newest' }, limit: 10 })
      console.log(JSON.stringify(items.map(({ message: { text, at, replyTo, sender } }) => [sender.name, text, at, replyTo !== undefined])))
      await chat.close()`,
    )
    const { stdout } = await run(process.execPath, ['main.ts'], { cwd: folder })
    const [first, second] = JSON.parse(stdout) as [unknown[], unknown[]]
    expect(first.slice(0, 2)).toEqual(['Anna', 'See https://example.com & that'])
    expect(second.slice(1, 2)).toEqual(['Hi'])
    expect(second[3]).toBe(true)
    expect(first[2]).toBeLessThan(second[2] as number)
    expect(new Date(first[2] as number).getUTCFullYear()).toBe(2019)
  })

  it('jwks takes tokens of an identity provider', async () => {
    const provider = await testIssuer()
    const file = await somebody.write(
      'jwks.ts',
      (await source('jwks/main.ts')).replace('process.env.ISSUER!', JSON.stringify(provider.url)),
    )
    const { url, stop } = await somebody.serve(file)
    try {
      const headers = { authorization: `Bearer ${await provider.token({ sub: 'u1', name: 'Anna' })}` }
      const me = await eventually(async () => (await fetch(`${url}/api/v1/users/me`, { headers })).json(), { timeoutMs: 15_000 })
      expect(me).toMatchObject({ external_id: 'id:u1', name: 'Anna' })
    } finally {
      stop()
      await provider.close()
    }
  })
})

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { httpClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { block } from './blocks.ts'
import { type Consumer, consumer } from './consumer.ts'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** Serves the built pages of a folder; each page is `<name>.html`. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(async ({ url = '/' }, response) => {
    const content = await readFile(join(folder, url)).catch(() => undefined)
    response.writeHead(content ? 200 : 404, { 'content-type': types[extname(url)] ?? 'text/plain' }).end(content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Shows the component of the React guide, for whoever has signed in as the fragment says. */
const roomPage = (url: string) => `
  import { createRoot } from 'react-dom/client'
  import { createAuth, createChat } from 'windi-chat/client'
  import { Room } from './room.tsx'
  const [token, id] = location.hash.slice(1).split(',')
  const client = createChat({ url: '${url}', auth: { getToken: async () => token! } })
  client.start()
  createRoot(document.getElementById('root')!).render(<Room client={client} id={id!} />)`

describe('the pages of the documents', () => {
  let somebody: Consumer
  let service: Service
  let server: Server
  let browser: Browser
  let origin: string

  beforeAll(async () => {
    somebody = await consumer()
    const dist = join(somebody.path, 'dist')
    server = await serve(dist)
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    service = await startService({ env: { DEMO: 'on', ALLOWED_ORIGINS: origin } })
    await somebody.write('quickstart.tsx', block('docs/quickstart.md', 'page').replace('http://127.0.0.1:8000', service.url))
    await somebody.write('room.tsx', block('docs/guides/react.md', 'room'))
    await somebody.write('react.tsx', roomPage(service.url))
    const pages = ['quickstart', 'react']
    for (const name of pages)
      await somebody.write(`${name}.html`, `<!doctype html><div id="root"></div><script type="module" src="./${name}.tsx"></script>`)
    await build({
      root: somebody.path,
      configFile: false,
      logLevel: 'warn',
      build: { outDir: dist, rolldownOptions: { input: pages.map((name) => join(somebody.path, `${name}.html`)) } },
    })
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await service?.stop()
    await somebody?.[Symbol.asyncDispose]()
  })

  async function enter(name: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${origin}/quickstart.html`)
    await fill(page, 'Your name', name)
    await page.getByLabel('Chat with').waitFor()
    return page
  }

  async function fill(page: Page, label: string, text: string): Promise<void> {
    await page.getByLabel(label).fill(text)
    await page.getByLabel(label).press('Enter')
  }

  it('let two people chat in two tabs', async () => {
    const anna = await enter('Anna Quick')
    const boris = await enter('Boris Quick')
    // Guests find others by the whole username, which is made of the name.
    await fill(anna, 'Chat with', 'borisquick')
    await fill(anna, 'Message', 'Hello, Boris')
    await anna.getByText('Hello, Boris (sent)').waitFor()
    await boris.getByRole('button', { name: 'Anna Quick (1)' }).click()
    await boris.getByText('Anna Quick: Hello, Boris').waitFor()
    await fill(boris, 'Message', 'Hello, Anna')
    await anna.getByText('Boris Quick: Hello, Anna').waitFor()
    expect(await anna.getByRole('listitem').count()).toBe(2)
  })

  it('show a room as the React guide does', async () => {
    const client = httpClient(service.url)
    const [ann, bob] = [await client.register('Ann Room'), await client.register('Bob Room')]
    const sent = await client.call<{ chat_id: string }>('post', `/users/${ann.id}/messages`, {
      token: bob.token,
      body: { client_message_id: 'first', text: 'Come in' },
    })
    const page = await browser.newPage()
    await page.goto(`${origin}/react.html#${ann.token},${sent.body.chat_id}`)
    await page.getByRole('heading', { name: 'Bob Room' }).waitFor()
    await page.getByText('Come in').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
  })
})

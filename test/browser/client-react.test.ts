import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Browser, Page } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer } from '../../src/server.ts'
import { block } from '../docs/blocks.ts'
import { launchBrowser } from '../support/browser.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'node_modules/.windi-react')

/** The application of the guide, made as `npm create vite` would have it. */
async function built(): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'app.tsx'), block('docs/guides/react.md', 'app'))
  const alias = [
    { find: /^windi-chat\/client$/, replacement: join(root, 'src/client/index.ts') },
    { find: /^windi-chat\/client\/react$/, replacement: join(root, 'src/client/react.ts') },
  ]
  const input = join(folder, 'app.tsx')
  const output = { format: 'es' as const, codeSplitting: false }
  const app = (await build({
    root: folder,
    logLevel: 'silent',
    configFile: false,
    mode: 'development',
    plugins: [react()],
    resolve: { alias, dedupe: ['react', 'react-dom'] },
    build: { write: false, minify: false, modulePreload: false, rollupOptions: { input, output } },
  })) as Rollup.RollupOutput
  return app.output.find((part) => part.type === 'chunk')!.code
}

describe('the React application of the guide', () => {
  let service: Awaited<ReturnType<typeof createServer>>
  let browser: Browser
  let code: string
  beforeAll(async () => {
    code = await built()
    service = await createServer({ databaseUrl: 'memory:', port: 0, demo: true })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function opened(): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.route('**/guide/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }))
    const html = '<!doctype html><link rel="icon" href="data:,"><div id="app"></div><script type="module" src="app.js"></script>'
    await page.route('**/guide/', (route) => route.fulfill({ contentType: 'text/html', body: html }))
    await page.goto(`${service.url}/guide/`)
    page.setDefaultTimeout(15_000)
    return { page, complaints }
  }

  /** Answers the username. */
  async function comeIn(page: Page): Promise<string> {
    const answer = page.waitForResponse('**/auth/guest')
    await page.getByRole('button', { name: 'Come in' }).click()
    await page.getByText('is online, 0 unread').waitFor()
    return ((await (await answer).json()) as { user: { username: string } }).user.username
  }

  it('runs under StrictMode: signs in, finds somebody, sends, receives, and stays after a reload', { timeout: 60_000 }, async () => {
    const [one, other] = [await opened(), await opened()]
    const username = await comeIn(other.page)
    await comeIn(one.page)
    // A guest finds another by the whole username.
    await one.page.getByLabel('Find people').fill(username)
    await one.page.getByRole('button', { name: 'Write to Guest' }).first().click()
    await one.page.getByLabel('Message').fill('Hello from the guide')
    await one.page.getByLabel('Message').press('Enter')
    await one.page.getByText('Guest: Hello from the guide (sent)').waitFor()
    await other.page.getByText('1 unread').waitFor()
    await other.page.getByRole('button', { name: 'Guest (1)' }).click()
    await other.page.getByText('Guest: Hello from the guide (sent)').waitFor()
    await other.page.getByText('2 members').waitFor()
    await other.page.reload()
    await other.page.getByText('is online').waitFor()
    expect([...one.complaints, ...other.complaints]).toEqual([])
  })
})

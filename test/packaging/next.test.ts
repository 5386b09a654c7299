import { execFile, spawn } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { npmInstall } from '../support/npm-install.ts'
import { freePort, type TempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
const tarball = (name: string) => join(root, 'dist-packages', `${name}-${version}.tgz`)

/** What an application made with Next has, in versions that are known to work together. */
const installed = ['next@16.4.6', 'react@19', 'react-dom@19', 'typescript@5.9.3', '@types/react@19', '@types/node@24']

/** The example as an application of its own: both packages out of their tarballs, Next out of the registry. */
let folder: TempFolder
beforeAll(async () => {
  folder = await npmInstall('windi-chat-next', [tarball('windi-chat'), tarball('windi-chat-server'), ...installed])
  await cp(join(root, 'examples/next'), folder.path, { recursive: true })
}, 300_000)
afterAll(() => folder.remove())

it('an application of Next is built with the packages, rendered on the server, and chats', { timeout: 300_000 }, async () => {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', PORT: String(await freePort()) }
  const at = { cwd: folder.path, env }
  await run(process.execPath, ['node_modules/next/dist/bin/next', 'build'], at)
  const server = spawn(process.execPath, ['server.ts'], { ...at, stdio: 'ignore' })
  const browser = await launchBrowser()
  try {
    const url = `http://127.0.0.1:${env.PORT}/`
    await eventually(async () => expect(await (await fetch(url)).text()).toContain('<h1>Chat</h1>'), { timeoutMs: 60_000 })
    const page = await browser.newPage()
    await page.goto(url)
    await page.getByRole('button', { name: 'Come in' }).click()
    await page.getByRole('button', { name: 'Open a room' }).click()
    await page.getByLabel('Message').fill('Hello')
    await page.getByLabel('Message').press('Enter')
    await page.getByRole('listitem').getByText('Hello', { exact: true }).waitFor()
  } finally {
    await browser.close()
    server.kill()
  }
})

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { onPath } from './program.ts'

/**
 * A headless Chromium that comes inside an npm package and needs nothing of the machine but Linux.
 * `TEST_CHROMIUM` names the program of another one to use instead; `more` are further switches.
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const args = [...more, ...ARGS]
  const own = process.env.TEST_CHROMIUM
  if (own) return chromium.launch({ executablePath: own, args })
  const folder = await unpacked()
  const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') } as Record<string, string>
  return chromium.launch({ executablePath: join(folder, 'chromium'), args, env })
}

/** The machine's own Chromium, which is a whole one: that of the package shows no notifications. */
export async function launchWholeBrowser(): Promise<Browser> {
  const executablePath = process.env.TEST_CHROMIUM ?? onPath('chromium')
  if (!executablePath) throw new Error('This test needs chromium on the PATH.')
  return chromium.launch({ executablePath, headless: false, args: ['--headless=new', ...ARGS] })
}

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--font-render-hinting=none']

/** Unpacked once, beside the package, which would write into the shared temporary folder, where two that start at once read half of it. */
async function unpacked(): Promise<string> {
  const home = new URL('../../node_modules/@sparticuz/chromium/', import.meta.url)
  const folder = fileURLToPath(new URL('unpacked', home))
  if (existsSync(folder)) return folder
  const scratch = await mkdtemp(fileURLToPath(new URL('unpacking-', home)))
  const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`
  /** The package also brings the libraries that a bare machine lacks, but unpacks them only where it believes to be in a Lambda. */
  const env = { ...process.env, TMPDIR: scratch, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpack], { env, cwd: fileURLToPath(home) })
  await rename(scratch, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error
  })
  await rm(scratch, { recursive: true, force: true })
  return folder
}

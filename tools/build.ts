import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'

/** Compiles `src` to `dist`, and the page to `dist/web` when there is one. `--clean` forgets earlier output first. */
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' })
if (existsSync('web/index.html')) await buildPage(`dist/web-${process.pid}`)

/** A page is there as a whole or not at all, for whatever starts to serve meanwhile. */
async function buildPage(draft: string): Promise<void> {
  const { build } = await import('vite')
  try {
    await build({ root: 'web', logLevel: 'warn', build: { outDir: `../${draft}`, emptyOutDir: true } })
    if (existsSync('dist/web')) await rename('dist/web', `${draft}-before`)
    await rename(draft, 'dist/web')
  } finally {
    for (const folder of [draft, `${draft}-before`]) await rm(folder, { recursive: true, force: true })
  }
}

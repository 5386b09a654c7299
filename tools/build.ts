import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

/** Compiles `src` to `dist`, and the page to `dist/web` when there is one. `--clean` forgets earlier output first. */
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' })
await copyApiPages('dist/adapters/http/api-pages')
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

/** What shows the calls in a browser is made of ready files of two packages, which nobody then needs at run time. */
async function copyApiPages(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of ['swagger-ui-dist/swagger-ui.css', 'swagger-ui-dist/swagger-ui-bundle.js', 'redoc/bundles/redoc.standalone.js'])
    await copyFile(createRequire(import.meta.url).resolve(file), join(folder, basename(file)))
}

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'

/** Compiles `src` to `dist`, and the page to `dist/web` when there is one. `--clean` forgets earlier output first. */
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' })
if (existsSync('web/index.html')) {
  const { build } = await import('vite')
  await build({ root: 'web', logLevel: 'warn', build: { outDir: '../dist/web', emptyOutDir: true } })
}

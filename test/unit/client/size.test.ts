import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

async function bundle(entry: string, external: string[] = []) {
  const built = (await build({
    root,
    logLevel: 'silent',
    configFile: false,
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      modulePreload: false,
      // As the bundle of a page has it: a library of Vite's would keep its white space.
      rollupOptions: { input: `src/client/${entry}.ts`, external, preserveEntrySignatures: 'strict' },
    },
  })) as Rollup.RollupOutput
  const chunks = built.output.filter((part) => part.type === 'chunk')
  return {
    bytes: chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0),
    modules: chunks.flatMap(({ moduleIds }) => moduleIds),
    imports: chunks.flatMap(({ imports }) => imports),
  }
}

describe('what a browser loads', () => {
  it('is at most 28 kB gzipped, with no package in it', async () => {
    const { bytes, modules, imports } = await bundle('index')
    expect(bytes).toBeGreaterThan(5_000)
    expect(bytes).toBeLessThanOrEqual(28_000)
    expect(modules.filter((module) => module.includes('node_modules'))).toEqual([])
    expect(imports).toEqual([])
  })

  it('is React alone besides, with the bindings', async () => {
    const { imports, bytes } = await bundle('react', ['react'])
    expect(imports).toEqual(['react'])
    expect(bytes).toBeLessThan(3_000)
  })

  it('is at most 6 kB besides, with files, which load when they are wanted', async () => {
    const { bytes, modules } = await bundle('files')
    expect(bytes).toBeGreaterThan(2_000)
    expect(bytes).toBeLessThan(6_000)
    expect(modules.filter((module) => module.includes('node_modules'))).toEqual([])
  })

  it('may be the service to test against, which needs nothing of Node', async () => {
    const { imports, modules } = await bundle('../testing')
    expect(imports).toEqual([])
    expect(modules.filter((module) => /node:|browser-external/.test(module))).toEqual([])
    expect(modules.filter((module) => /node_modules\/(?!zod\/)/.test(module))).toEqual([])
  })
})

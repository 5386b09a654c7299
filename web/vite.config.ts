import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const emoji = fileURLToPath(new URL('../node_modules/emojibase-data/', import.meta.url))

interface Emoji {
  readonly skins?: readonly Emoji[]
  readonly [field: string]: unknown
}

/** What the picker reads of an emoji; the rest is half of the file. */
const lean = ({ label, hexcode, emoji, order, group, subgroup, version, tags, tone, skins }: Emoji): Emoji => ({
  label,
  hexcode,
  emoji,
  order,
  group,
  subgroup,
  version,
  tags,
  tone,
  ...(skins && { skins: skins.map(lean) }),
})

/** The names and search words of emoji, from this host, at `/emoji/<locale>/`. */
const emojiData = (locales: readonly string[]): Plugin => ({
  name: 'emoji-data',
  apply: 'build',
  async generateBundle() {
    for (const locale of locales) {
      const read = async (name: string) => JSON.parse(await readFile(join(emoji, locale, `${name}.json`), 'utf8')) as unknown
      const data = ((await read('data')) as Emoji[]).map(lean)
      for (const [name, content] of Object.entries({ data, messages: await read('messages') }))
        this.emitFile({ type: 'asset', fileName: `emoji/${locale}/${name}.json`, source: JSON.stringify(content) })
    }
  },
})

/** The service worker, which knows the built files and so changes with each of them. */
const worker = (): Plugin => ({
  name: 'worker',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    const folder = dir!
    const built = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
    const paths = ['/', '/icon.svg', '/layers.css', '/manifest.webmanifest', ...built.map((name) => `/${name}`)].sort()
    const contents = await Promise.all(paths.map((path) => readFile(join(folder, path === '/' ? 'index.html' : path))))
    const version = contents
      .reduce((hash, content) => hash.update(content), createHash('sha256'))
      .digest('hex')
      .slice(0, 16)
    const code = await readFile(fileURLToPath(new URL('sw.js', import.meta.url)), 'utf8')
    await writeFile(join(folder, 'sw.js'), `const VERSION = '${version}'\nconst FILES = ${JSON.stringify(paths)}\n${code}`)
  },
})

export default defineConfig({
  plugins: [react(), emojiData(['en', 'ru']), worker()],
  build: { cssTarget: ['chrome123', 'firefox121', 'safari17.5'], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8000', ws: true } } },
})

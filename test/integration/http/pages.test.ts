import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../../../src/adapters/wire/problems.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { type TempFolder, tempFolder } from '../../support/places.ts'
import { eventually } from '../../support/waiting.ts'

let server: HttpServed
beforeAll(async () => {
  server = await serveHttp({ publicUrl: 'https://chat.example.com' })
})
afterAll(() => server.close())

const directives = (headers: Headers) =>
  Object.fromEntries(
    (headers.get('content-security-policy') ?? '')
      .split(';')
      .map((part) => [part.trim().split(' ')[0], part.trim().split(' ').slice(1).join(' ')]),
  )

describe('documents', () => {
  it('are JSON, said once, and kept by who has them', async () => {
    const first = await server.page('/openapi.json')
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(JSON.parse(first.body)).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
    const etag = first.headers.get('etag')!
    expect((await server.page('/openapi.json', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status).toBe(304)
    const plain = await server.page('/openapi.json', { headers: { 'accept-encoding': 'identity' } })
    expect([plain.body, plain.headers.get('content-encoding')]).toEqual([first.body, null])
    const frames = JSON.parse((await server.page('/asyncapi.json')).body)
    expect(frames).toMatchObject({ asyncapi: '3.1.0', servers: { here: { host: 'chat.example.com', protocol: 'wss' } } })
  })

  it('are read only', async () => {
    const { status, headers, body } = await server.page('/openapi.json', { method: 'POST', body: '{}' })
    expect([status, headers.get('allow'), JSON.parse(body).code]).toEqual([405, 'GET, HEAD, OPTIONS', 'method-not-allowed'])
    expect((await server.page('/docs', { method: 'OPTIONS' })).status).toBe(204)
  })
})

describe('every page', () => {
  it.each(['/', '/docs', '/redoc', '/problems', '/problems/key-reused'])('names no other host, and holds no script: %s', async (path) => {
    const { status, headers, body } = await server.page(path)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const csp = directives(headers)
    expect(csp['default-src']).toBe("'none'")
    expect(csp['frame-ancestors']).toBe("'none'")
    expect(csp['script-src'] ?? "'self'").toBe("'self'")
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(body).not.toMatch(/<script(?![^>]* src="\/)|\son\w+=|(src|href)="https?:/)
    expect(body.startsWith('<!doctype html>')).toBe(true)
  })

  it('loads what is there', async () => {
    for (const path of ['/docs', '/redoc']) {
      const { body } = await server.page(path)
      const files = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file]) => file!)
      expect(files.length).toBeGreaterThan(1)
      for (const file of files) {
        const { status, body: text, headers } = await server.page(file)
        expect([file, status, headers.get('content-type')]).toEqual([
          file,
          200,
          file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
        ])
        expect(text).not.toContain('cdn.')
      }
    }
    expect((await server.page('/docs/package.json')).status).toBe(404)
    expect((await server.page('/docs/..%2fpackage.json')).status).toBe(404)
  })
})

describe('pages of problems', () => {
  it.each(Object.keys(problems))('explain %s', async (code) => {
    const { status, body } = await server.page(`/problems/${code}`)
    expect(status).toBe(200)
    expect(body).toContain('<h2>What to do</h2>')
    expect(body).toContain(`<code>${code}</code>`)
    expect(body).not.toContain('`')
  })

  it.each(['nothing', '', '__proto__', 'toString', '<b>'])('know nothing of %j', async (code) => {
    const { status } = await server.page(`/problems/${encodeURIComponent(code)}`)
    expect(status).toBe(code === '' ? 200 : 404)
  })
})

describe('the page at /', () => {
  it('speaks the language that is asked for', async () => {
    const lang = async (accepted: string) =>
      (await server.page('/', { headers: { 'accept-language': accepted } })).headers.get('content-language')
    expect(await Promise.all(['ru-RU,ru;q=0.9,en;q=0.8', 'en-GB', 'de', 'en;q=0.5,ru;q=0.9'].map(lang))).toEqual(['ru', 'en', 'en', 'ru'])
    const { body, headers } = await server.page('/', { headers: { 'accept-language': 'ru' } })
    expect(body).toContain('<html lang="ru">')
    expect(headers.get('vary')).toContain('Accept-Language')
  })

  it('is the built one where there is one', async () => {
    await using folder = await built()
    await using own = await serveHttp({ page: { folder: folder.path } })
    const index = await own.page('/')
    expect([index.status, index.body, index.headers.get('cache-control')]).toEqual([
      200,
      '<!doctype html><script src="/assets/app-1a2b.js"></script>',
      'no-cache',
    ])
    const csp = directives(index.headers)
    const host = new URL(own.url).host
    expect(csp).toMatchObject({ 'script-src': "'self'", 'connect-src': `'self' ws://${host} wss://${host}` })
    const script = await own.page('/assets/app-1a2b.js')
    expect([script.body, script.headers.get('cache-control')]).toEqual(['hello()', 'public, max-age=31536000, immutable'])
    const known = { 'if-none-match': index.headers.get('etag')!, 'cache-control': 'max-age=0' }
    expect((await own.page('/', { headers: known })).status).toBe(304)
    expect((await own.page('/', { method: 'HEAD' })).body).toBe('')
    expect((await own.page('/', { method: 'POST' })).status).toBe(405)
    for (const path of ['/assets/nothing.js', '/..%2f..%2fetc/passwd', '/%', '/.hidden'])
      expect([path, (await own.page(path)).status]).toEqual([path, 404])
    expect((await own.page('/docs')).status).toBe(200)
    expect(own.defects).toEqual([])
  })

  it('has the drawings of own kinds of messages, where there is a module for them', async () => {
    await using folder = await built()
    const kinds = join(folder.path, 'elsewhere.mjs')
    await writeFile(kinds, 'export default { own }')
    await using own = await serveHttp({ page: { folder: folder.path, kinds } })
    const { status, body, headers } = await own.page('/kinds.js')
    expect([status, body, headers.get('content-type')]).toEqual([200, 'export default { own }', 'text/javascript; charset=utf-8'])
  })

  it('stays whole when another one is built over it', async () => {
    await using folder = await built()
    await using own = await serveHttp({ page: { folder: folder.path } })
    await folder.remove()
    expect((await own.page('/')).body).toContain('/assets/app-1a2b.js')
    expect((await own.page('/assets/app-1a2b.js')).body).toBe('hello()')
    expect(own.defects).toEqual([])
  })

  it('is sent as a whole, packed where that is read, by its type', async () => {
    await using folder = await built()
    await using own = await serveHttp({ page: { folder: folder.path } })
    const whole = await own.page('/')
    expect([whole.headers.get('content-encoding'), whole.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding'])
    for (const range of ['bytes=5-2', 'bytes=-5', 'bytes=0-3']) {
      const { status, body } = await own.page('/', { headers: { range, 'accept-encoding': 'identity' } })
      expect([range, status, body]).toEqual([range, 200, whole.body])
    }
    for (const [path, type] of Object.entries({
      '/': 'text/html; charset=utf-8',
      '/assets/app-1a2b.js': 'text/javascript; charset=utf-8',
      '/names.json': 'application/json',
      '/notes': 'application/octet-stream',
    }))
      expect([path, (await own.page(path)).headers.get('content-type')]).toEqual([path, type])
    expect(own.defects).toEqual([])
  })

  it('is packed better as soon as that is done', async () => {
    await using folder = await built()
    await using own = await serveHttp({ page: { folder: folder.path } })
    const plain = await own.page('/', { headers: { 'accept-encoding': 'identity' } })
    await eventually(async () => {
      const whole = await own.page('/', { headers: { 'accept-encoding': 'gzip, br' } })
      expect([whole.headers.get('content-encoding'), whole.body]).toEqual(['br', plain.body])
    })
    expect((await own.page('/', { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-encoding')).toBe('gzip')
  })

  it('is a way home for browsers that ask for what is not there, in their language; programs are refused', async () => {
    await using own = await serveHttp({ page: { folder: '/nowhere' } })
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
    for (const [language, words] of [
      ['en', 'Page not found'],
      ['ru', 'Страница не найдена'],
    ]) {
      const page = await own.page('/old/link', { headers: { accept, 'accept-language': language! } })
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
      expect(page.body).toContain(words)
      expect(page.body).toContain('href="/"')
    }
    for (const [path, headers] of [
      ['/old/link', { accept: '*/*' }],
      ['/api/v1/nothing', { accept }],
    ] as const) {
      const refused = await own.page(path, { headers })
      expect([path, refused.status, refused.headers.get('content-type')]).toEqual([path, 404, 'application/problem+json'])
    }
    expect(own.defects).toEqual([])
  })

  it('is the plain one where nothing was built', async () => {
    await using own = await serveHttp({ page: { folder: '/nowhere' } })
    expect((await own.page('/')).body).toContain('href="/docs"')
  })
})

it('none of this was a defect', () => {
  expect(server.defects).toEqual([])
})

async function built(): Promise<TempFolder> {
  const folder = await tempFolder('page')
  await mkdir(join(folder.path, 'assets'))
  await writeFile(join(folder.path, 'index.html'), '<!doctype html><script src="/assets/app-1a2b.js"></script>')
  await writeFile(join(folder.path, 'assets/app-1a2b.js'), 'hello()')
  await writeFile(join(folder.path, 'names.json'), '{}')
  await writeFile(join(folder.path, 'notes'), 'kept')
  await writeFile(join(folder.path, '.hidden'), 'secret')
  return folder
}

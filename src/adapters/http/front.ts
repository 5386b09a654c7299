import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import type { Middleware } from 'koa'
import { asset } from './assets.ts'
import { fixedPage, pageHeaders, plainHtml } from './html.ts'
import type { AppOptions } from './options.ts'
import { at, reading } from './reading.ts'

/** What is at `/`: the built page where there is one, else a few words and the way to the documents. */
export const front = (page: AppOptions['page'], bucket: string | undefined): Middleware =>
  page && existsSync(join(page.folder, 'index.html')) ? builtPage(page, bucket) : reading((path) => (path === '/' ? words : undefined))

/** What draws messages of the operator's own kinds. */
const KINDS = '/kinds.js'
const FOR_EVER = 'public, max-age=31536000, immutable'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
}

/**
 * The page as it is now, for as long as this process lives: another one may be built over it meanwhile. Names below `assets/` carry a
 * digest of their content; everything else is asked for anew.
 */
function builtPage({ folder, kinds }: AppOptions['page'] & {}, bucket: string | undefined): Middleware {
  const own = kinds === undefined ? [] : [[KINDS, readFileSync(kinds)] as const]
  const csp = pageCsp(bucket === undefined ? [] : [bucket])
  const files = Object.fromEntries(
    [...filesIn(folder), ...own].map(([path, content]) => {
      const send = asset(
        types[extname(path)] ?? 'application/octet-stream',
        () => content,
        path.startsWith('/assets/') ? FOR_EVER : 'no-cache',
      )
      return [path, ((ctx, next) => csp(ctx, async () => send(ctx, next))) satisfies Middleware]
    }),
  )
  return reading(at({ ...files, '/': files['/index.html']! }))
}

/** Everything in a folder that is not hidden, by its address. */
const filesIn = (folder: string): readonly (readonly [path: string, content: Buffer])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => [`/${relative(folder, file).replaceAll(sep, '/')}`, readFileSync(file)])

/** A socket to the host that served the page; browsers that do not take it for `'self'` are told by name. */
const socketTo = (scheme: 'ws' | 'wss') => (request: IncomingMessage) => {
  const { host = '' } = request.headers
  return /^[\w.:[\]-]{1,255}$/.test(host) ? `${scheme}://${host}` : "'self'"
}

/** `bucket` is where files are read from, besides this server. */
const pageCsp = (bucket: readonly string[]) =>
  pageHeaders({
    'script-src': "'self'",
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', ...bucket],
    'font-src': "'self'",
    'media-src': ["'self'", 'blob:', ...bucket],
    'connect-src': ["'self'", socketTo('ws'), socketTo('wss'), ...bucket],
    'manifest-src': "'self'",
    'worker-src': "'self'",
    'form-action': "'self'",
    'require-trusted-types-for': "'script'",
  })

const words: Middleware = (ctx, next) => {
  ctx.vary('Accept-Language')
  const lang = ctx.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en'
  ctx.set('Content-Language', lang)
  return (lang === 'ru' ? russian : english)(ctx, next)
}

const english = fixedPage(() =>
  plainHtml({
    title: 'windi-chat',
    body: `<main>
<h1>windi-chat</h1>
<p>A chat backend: one visible message per send, one order for everyone, nothing lost.</p>
<p>It is running. Programs speak to it over HTTP and WebSocket; these pages say how:</p>
<ul>
<li><a href="/docs">All calls, to be tried out</a></li>
<li><a href="/redoc">The same as a reference to read</a></li>
<li><a href="/openapi.json">OpenAPI</a> and <a href="/asyncapi.json">AsyncAPI</a>, for programs</li>
<li><a href="/problems">What every refusal means</a></li>
</ul>
</main>`,
  }),
)

const russian = fixedPage(() =>
  plainHtml({
    lang: 'ru',
    title: 'windi-chat',
    body: `<main>
<h1>windi-chat</h1>
<p>Сервер чата: каждое отправленное сообщение видно ровно один раз, порядок у всех один, ничего не теряется.</p>
<p>Сервер работает. Программы обращаются к нему по HTTP и WebSocket; как именно, описано здесь (по-английски):</p>
<ul>
<li><a href="/docs" hreflang="en">Все вызовы, которые можно попробовать</a></li>
<li><a href="/redoc" hreflang="en">Они же в виде справочника</a></li>
<li><a href="/openapi.json" hreflang="en">OpenAPI</a> и <a href="/asyncapi.json" hreflang="en">AsyncAPI</a> для программ</li>
<li><a href="/problems" hreflang="en">Что означает каждый отказ</a></li>
</ul>
</main>`,
  }),
)

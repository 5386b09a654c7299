import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Middleware } from 'koa'
import { asyncapi } from '../wire/asyncapi.ts'
import { openapi } from '../wire/openapi.ts'
import { asset, fromFile } from './assets.ts'
import { fixedPage, iconLink, pageHeaders } from './html.ts'
import type { RouteOptions } from './options.ts'
import { at, reading } from './reading.ts'

/** The build copies what the pages need beside this file (`tools/build.ts`); run from its sources, the program finds it in the packages. */
const fileOf = (name: string): string => {
  const copied = fileURLToPath(new URL(`api-pages/${basename(name)}`, import.meta.url))
  return existsSync(copied) ? copied : createRequire(import.meta.url).resolve(name)
}

const script = 'text/javascript; charset=utf-8'
const sheet = 'text/css; charset=utf-8'
const json = 'application/json'

const START_SWAGGER = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
})
`
const START_REDOC = `Redoc.init('/openapi.json', { hideDownloadButton: false, nativeScrollbars: true }, document.getElementById('redoc'))
`
/** The only thing that Redoc would fetch from elsewhere. */
const FOREIGN_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg'
const NO_LOGO = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E'

const htmlOf = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
${iconLink}
${head}
</head>
<body style="margin:0">
${body}
</body>
</html>
`

const SWAGGER = htmlOf(
  'windi-chat: calls',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
  '<div id="swagger-ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>',
)
const REDOC = htmlOf(
  'windi-chat: reference',
  '',
  '<div id="redoc"></div>\n<script src="/redoc/redoc.standalone.js"></script>\n<script src="/redoc/start.js"></script>',
)

const shown = {
  'script-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': "'self'",
}
/** The documents for programs, and two ways to read them; everything comes from this server. */
export function documents({ version, publicUrl }: Pick<RouteOptions, 'version' | 'publicUrl'>): Middleware {
  const swagger = fixedPage(() => SWAGGER, pageHeaders(shown))
  const redoc = fixedPage(() => REDOC, pageHeaders({ ...shown, 'worker-src': 'blob:' }))
  const text = (make: () => object) => () => JSON.stringify(make())
  return reading(
    at({
      '/openapi.json': asset(
        json,
        text(() => openapi({ version })),
      ),
      '/asyncapi.json': asset(
        json,
        text(() => asyncapi({ version, ...serverAt(publicUrl) })),
      ),
      '/docs': swagger,
      '/docs/': swagger,
      '/docs/swagger-ui.css': asset(sheet, fromFile(fileOf('swagger-ui-dist/swagger-ui.css'))),
      '/docs/swagger-ui-bundle.js': asset(script, fromFile(fileOf('swagger-ui-dist/swagger-ui-bundle.js'))),
      '/docs/start.js': asset(script, () => START_SWAGGER),
      '/redoc': redoc,
      '/redoc/': redoc,
      '/redoc/redoc.standalone.js': asset(script, withoutLogo(fileOf('redoc/bundles/redoc.standalone.js'))),
      '/redoc/start.js': asset(script, () => START_REDOC),
    }),
  )
}

function serverAt(publicUrl: string | undefined) {
  if (publicUrl === undefined) return {}
  const { host, protocol } = new URL(publicUrl)
  return { host, protocol: protocol === 'https:' ? 'wss' : 'ws' } as const
}

const withoutLogo = (path: string) => async (): Promise<string> => (await fromFile(path)()).replaceAll(FOREIGN_LOGO, NO_LOGO)

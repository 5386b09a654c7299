import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Middleware } from 'koa'
import helmet from 'koa-helmet'
import { asset } from './assets.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char]!)

type Source = string | ((request: IncomingMessage) => string)
type Sources = Readonly<Record<string, Source | readonly Source[]>>

/** The headers of a page. It may load what `sources` allows and nothing else; no other host is ever named. */
export function pageHeaders(sources: Sources): Middleware {
  const directives = Object.entries({ ...nothing, ...sources }).map(([name, value]) => [name, [value].flat()])
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: Object.fromEntries(directives) as Record<string, Source[]> },
    // The guard sets it, by `publicUrl`.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    xXssProtection: false,
  })
}

const nothing = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" }

const style = `:root{color-scheme:light dark;font:17px/1.55 system-ui,sans-serif}
body{max-width:42rem;margin:0 auto;padding:3rem 1.25rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.05rem;margin:2rem 0 .25rem}
p{margin:.5rem 0}
ul{padding-left:1.2rem}
a{color:light-dark(#0b57d0,#8ab4f8)}
a:focus-visible{outline:3px solid;outline-offset:2px}
code{font:.92em ui-monospace,monospace;background:light-dark(#eef1f5,#2a2d33);padding:.1em .35em;border-radius:.3em}
.quiet{color:light-dark(#5a6270,#a4abb8)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dt{grid-column:1}dd{margin:0}`

const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22%3E%3Cpath fill=%22%230b57d0%22 d=%22M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H14l-8 6v-6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z%22/%3E%3C/svg%3E'
export const iconLink = `<link rel="icon" href="${ICON}">`

/** What a page of plain text and links needs, by its own style's digest. */
export const plainSources = {
  'style-src': `'sha256-${hash('sha256', style, 'base64')}'`,
  'img-src': 'data:',
}
export const plainPage: Middleware = pageHeaders(plainSources)

/** A page of plain text and links. `body` is HTML. */
export const plainHtml = ({
  lang = 'en',
  title,
  body,
}: {
  readonly lang?: string
  readonly title: string
  readonly body: string
}): string =>
  `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
${iconLink}
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`

/** An HTML page that never changes: one buffer for all who ask, with its headers. */
export function fixedPage(html: () => string, headers: Middleware = plainPage): Middleware {
  const send = asset('text/html; charset=utf-8', html)
  return (ctx, next) => headers(ctx, async () => send(ctx, next))
}

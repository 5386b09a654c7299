import type { Middleware } from 'koa'
import { noticesRoutes } from '../wire/routes/notices.ts'
import { BASE_PATH } from '../wire/routes.ts'
import { pageHeaders, plainHtml, plainSources } from './html.ts'

const ADDRESS = new RegExp(`^${BASE_PATH}${noticesRoutes.unsubscribe.path.replace(/\{\w+\}/g, '[^/]+')}$`)

const html = plainHtml({
  title: 'Unsubscribe',
  body: '<main>\n<h1>Unsubscribe</h1>\n<p>You get no more mails about messages that you have missed.</p>\n<form method="post"><button>Unsubscribe</button></form>\n</main>',
})
const headers = pageHeaders({ ...plainSources, 'form-action': "'self'" })

/** A page with one button for who follows the address in a mail: programs that look at links change nothing. */
export const unsubscribePage: Middleware = (ctx, next) => {
  if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || !ADDRESS.test(ctx.path)) return next()
  return headers(ctx, async () => {
    ctx.set('Cache-Control', 'no-store')
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = html
  })
}

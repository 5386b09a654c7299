import type { Middleware } from 'koa'
import { isReadable } from './guard.ts'
import { plainHtml, plainPage } from './html.ts'

/** A page for browsers that ask for what is not there; programs are refused by the next middleware. */
export const lost: Middleware = (ctx, next) => {
  const wantsPage = isReadable(ctx) && ctx.get('Accept').includes('text/html') && !/^\/api(\/|$)/.test(ctx.path)
  if (!wantsPage) return next()
  return plainPage(ctx, async () => {
    const lang = ctx.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en'
    ctx.vary('Accept-Language')
    ctx.set('Cache-Control', 'no-store')
    ctx.status = 404
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = pages[lang]
  })
}

const page = (lang: string, title: string, words: string, home: string) =>
  plainHtml({ lang, title, body: `<main>\n<h1>${title}</h1>\n<p>${words}</p>\n<p><a href="/">${home}</a></p>\n</main>` })

const pages = {
  en: page('en', 'Page not found', 'There is nothing at this address. The link may be old or mistyped.', 'Go to your chats'),
  ru: page('ru', 'Страница не найдена', 'По этому адресу ничего нет. Возможно, ссылка устарела или в ней опечатка.', 'Перейти к чатам'),
} as const

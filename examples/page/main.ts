/** Serves a page without a build, the modules of the package, and the chat. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'

const chat = await openChat({ databaseUrl: 'memory:' })
const page = await readFile(new URL('index.html', import.meta.url))
const modules = new URL('./', import.meta.resolve('windi-chat'))

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/') return response.setHeader('content-type', 'text/html').end(page)
  // A URL has no `..` in its path; what is no module is the chat's.
  const [, file] = /^\/modules\/([\w./-]+\.js)$/.exec(pathname) ?? []
  if (file === undefined) return chat.listener(request, response)
  const code = await readFile(new URL(file, modules)).catch(() => undefined)
  response.writeHead(code ? 200 : 404, { 'content-type': 'text/javascript' }).end(code)
})
chat.attach(server)
server.listen(Number(process.env.PORT))

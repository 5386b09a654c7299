/** The chat beside a Hono application, on one server of Node. */
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { openChat } from '@windi-chat/server'
import { Hono } from 'hono'

const chat = await openChat({ databaseUrl: 'memory:', basePath: '/chat' })
const app = new Hono()
app.get('/', (context) => context.text('my own page'))
const mine = getRequestListener(app.fetch)

const server = createServer((request, response) => void (request.url?.startsWith('/chat') ? chat.listener : mine)(request, response))
chat.attach(server)
server.listen(Number(process.env.PORT))

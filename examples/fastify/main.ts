/** The chat beside a Fastify application: its server passes on the chat's paths. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'
import fastify from 'fastify'

const chat = await openChat({ databaseUrl: 'memory:', basePath: '/chat' })
const app = fastify({
  serverFactory: (handler) =>
    createServer((request, response) => (request.url?.startsWith('/chat') ? chat.listener(request, response) : handler(request, response))),
})
app.get('/', () => 'my own page')
chat.attach(app.server)
app.addHook('preClose', () => chat.close())
await app.listen({ port: Number(process.env.PORT) })

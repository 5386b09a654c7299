/** The chat as a middleware of a Koa application: paths that are not its own go on. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'
import Koa from 'koa'

const chat = await openChat({ databaseUrl: 'memory:', basePath: '/chat' })
const app = new Koa()
app.use(chat.routes)
app.use((context) => {
  context.body = 'my own page'
})
const server = createServer(app.callback())
chat.attach(server)
server.listen(Number(process.env.PORT))

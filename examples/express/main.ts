/** The chat beside the pages of an Express application, on one server. Its requests go by before Express reads a body. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'
import express from 'express'

const chat = await openChat({ databaseUrl: 'memory:', basePath: '/chat' })
const app = express()
app.get('/', (_request, response) => void response.send('my own page'))

const server = createServer((request, response) => {
  if (request.url?.startsWith('/chat')) chat.listener(request, response)
  else app(request, response)
})
chat.attach(server)
server.listen(Number(process.env.PORT))

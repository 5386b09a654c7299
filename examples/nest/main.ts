/** The chat beside a Nest application, on one server. The chat is closed with it. */
import 'reflect-metadata'
import { createServer } from 'node:http'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { openChat } from '@windi-chat/server'

class AppModule {}
Module({})(AppModule)

const chat = await openChat({ databaseUrl: 'memory:', basePath: '/chat' })
const app = await NestFactory.create(AppModule, { logger: false })
app.getHttpAdapter().get('/', (_request: unknown, response: { send(text: string): void }) => response.send('my own page'))
await app.init()
const nest = app.getHttpAdapter().getInstance() as (request: unknown, response: unknown) => void

const server = createServer((request, response) => {
  if (request.url?.startsWith('/chat')) chat.listener(request, response)
  else nest(request, response)
})
chat.attach(server)
server.listen(Number(process.env.PORT))

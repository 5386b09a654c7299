/** Users of an identity provider chat with its tokens, which are checked with its published keys. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'

const chat = await openChat({
  databaseUrl: 'memory:',
  issuers: [{ issuer: process.env.ISSUER!, audience: 'chat', prefix: 'id:' }],
})
const server = createServer(chat.listener).listen(Number(process.env.PORT))
chat.attach(server)

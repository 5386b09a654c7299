/** Next with a server of its own, and the chat on it: `node server.ts` instead of `next start`. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'
import next from 'next'

const app = next({ dev: process.env.NODE_ENV !== 'production' })
await app.prepare()
const pages = app.getRequestHandler()

const chat = await openChat({ databaseUrl: 'memory:' })
const isChat = (url = '') => /^\/(api\/v1|problems)(\/|\?|$)/.test(url)
const server = createServer((request, response) => void (isChat(request.url) ? chat.listener : pages)(request, response))
// Next attaches its own upgrades to the same server; the chat takes those of `/api/v1/ws` alone.
chat.attach(server)
server.listen(Number(process.env.PORT ?? 3000))

/** Users of the application chat with its own session cookie: no second account, no token. */
import { createServer } from 'node:http'
import { openChat } from '@windi-chat/server'

const sessions = new Map([['c0ffee', { externalId: 'crm:4711', name: 'Anna', session: 'c0ffee' }]])
const chat = await openChat({
  databaseUrl: 'memory:',
  identify: ({ headers }) => sessions.get(/session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? ''),
})
const server = createServer(chat.listener).listen(Number(process.env.PORT))
chat.attach(server)

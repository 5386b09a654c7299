import { setTimeout as pause } from 'node:timers/promises'
import type { Caller } from '../../src/application/caller.ts'
import type { ChatId, ClientMessageId, MessageId } from '../../src/domain/ids.ts'
import type { Server } from '../../src/main/server.ts'
import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'
import { keys, TEXT } from './closed-loop.ts'

/** A service of one process, and those who react and send there. Each answer is the milliseconds that each call took. */
const { createServer } = await built('server')

export interface Reacting {
  readonly callers: readonly Caller[]
  readonly chatId: ChatId
  readonly messageId: MessageId
  readonly emoji: string
  /** Within so many milliseconds, evenly. */
  readonly withinMs: number
}
export interface Sending {
  readonly caller: Caller
  readonly chatId: ChatId
  readonly count: number
}

let server: Server
const nextKey = keys()

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}

answering({
  async start({ databaseUrl, jwtSecret }: { readonly databaseUrl: string; readonly jwtSecret: string }) {
    server = await createServer({ databaseUrl, jwtSecret, port: 0, rateLimits: false })
  },
  async message({ caller, chatId }: Sending) {
    const { view } = await server.api.sendMessage(caller, { chatId, clientMessageId: nextKey() as ClientMessageId, text: TEXT })
    return view.message.id
  },
  react: ({ callers, chatId, messageId, emoji, withinMs }: Reacting) =>
    Promise.all(
      callers.map(async (caller, i) => {
        await pause((i * withinMs) / callers.length)
        return timed(() => server.api.addReaction(caller, { chatId, messageId, emoji }))
      }),
    ),
  async send({ caller, chatId, count }: Sending) {
    const took: number[] = []
    for (let i = 0; i < count; i++)
      took.push(await timed(() => server.api.sendMessage(caller, { chatId, clientMessageId: nextKey() as ClientMessageId, text: TEXT })))
    return took
  },
})

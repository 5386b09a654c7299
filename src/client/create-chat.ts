import type { Message as WireMessage } from '../adapters/wire/schemas/messages.ts'
import { contextOf } from './assembly/context.ts'
import { life } from './assembly/life.ts'
import { clientParts } from './assembly/parts.ts'
import { restore, take } from './assembly/snapshot.ts'
import { userOf } from './assembly/user.ts'
import { account } from './calls/account.ts'
import { readPage } from './calls/pages.ts'
import { readMessage } from './calls/read-wire.ts'
import { checkOptions } from './platform/check.ts'
import type { ChatClient, ChatOptions } from './types.ts'

/**
 * Returns a client of one user at one service. Nothing happens before `start`. Throws a `TypeError` for options that cannot be right.
 *
 * @example
 * const auth = createAuth({ url: 'https://chat.example.org' })
 * await auth.login({ login: 'ann', password: 'correct horse battery' })
 * const chat = createChat({ url: 'https://chat.example.org', auth })
 * const stop = chat.start()
 */
export function createChat(options: ChatOptions): ChatClient {
  checkOptions(options)
  const context = contextOf(options)
  const user = userOf(context)
  const parts = clientParts(context, user)
  const { call, on } = context
  const { copies, level } = parts
  if (options.snapshot) restore(copies, options.snapshot, level.startEpoch)

  return {
    connection: parts.link.state,
    account: account(user.me, call),
    chats: parts.list,
    chat: parts.chat,
    people: parts.crowd,
    outbox: parts.unsent,
    on,
    call,
    inside: { ...context, url: options.url, me: user.id, ready: user.ready, uploaded: parts.sending.uploaded },
    async search(query, { signal, senderId, ...rest } = {}) {
      const found = await call<{ items: WireMessage[]; next: string | null }>('searchMessages', {
        query: { query, sender_id: senderId, ...rest },
        signal,
      })
      return readPage(found, readMessage)
    },
    snapshot: (limits) => take(copies, level.epoch(), limits),
    reconnectNow: () => parts.link.reconnectNow(),
    ...life(context, user, parts),
  }
}

import type { ChatApi } from '../../application/chat-api.ts'
import type { ProvisionResult } from '../../application/provisioned.ts'
import { type KeyId, type SessionId, SYSTEM_ID } from '../../domain/ids.ts'
import type { KeyScope } from '../../domain/scopes.ts'
import type { Application, OutboundPorts } from '../compose.ts'
import { actingAs, type ChatAs, userIdOf, type Who } from './as.ts'
import type { HostProfile } from './profile.ts'
import { type HostTx, type Within, type WithinOptions, withinHost } from './within.ts'

/** What a program does with a chat that it holds, beside calling its API. */
export interface ChatHost {
  /**
   * The calls of a user, named by the id here or by yours. Ids are plain strings.
   *
   * @example
   * await chat.as({ externalId: 'crm:4711' }).sendMessage({ chatId, clientMessageId: 'order-1', text: 'Hello' })
   */
  as(who: Who): ChatAs
  /**
   * Calls in a transaction of yours, on the database that the chat was opened with: your rows and the chat's change together, or neither
   * does. Nobody is told before you commit. Needs `database({ pool | orm | sqlite })` or the URL of the same database.
   *
   * @example
   * await client.query('begin')
   * await client.query('insert into orders (id) values ($1)', [4711])
   * await chat.within(client).as({ externalId: 'crm:1' }).sendMessage({ chatId, clientMessageId: 'order-4711', text: 'Ordered' })
   * await client.query('commit')
   */
  within(transaction: HostTx, options?: WithinOptions): Within
  /** Ends a session that `identify` named: its sockets close at once. */
  endSession(session: string): Promise<void>
  /** Messages of the service itself, to any chat. */
  readonly system: Pick<ChatAs, 'sendMessage'>
  readonly people: {
    /** Adds and updates users, all or none. */
    upsert(profiles: readonly HostProfile[]): Promise<readonly { readonly userId: string; readonly result: ProvisionResult }[]>
    /** Refuses tokens that were issued before now; sockets close. */
    revoke(who: Who): Promise<void>
  }
  readonly keys: {
    /** Makes a key. Its text is returned this once. */
    create(key: {
      readonly name: string
      readonly scopes?: readonly KeyScope[]
      readonly bot?: Who
      readonly expiresAt?: Date
    }): Promise<{ readonly id: string; readonly key: string }>
    revoke(id: string): Promise<void>
  }
}

/** The program itself: it holds the database, and so may do everything. */
const HOST = { userId: SYSTEM_ID, sessionId: SYSTEM_ID as string as SessionId, via: 'key', scopes: ['admin'] } as const

interface Needs extends Pick<Application, 'endHostSession'> {
  readonly api: ChatApi
  readonly ports: OutboundPorts
}

export function chatHost({ api, ports, endHostSession }: Needs): ChatHost {
  return {
    as: actingAs(api, ports),
    within: withinHost(ports),
    endSession: endHostSession,
    system: { sendMessage: (command) => api.sendMessage(HOST, command as Parameters<ChatApi['sendMessage']>[1]) },
    people: {
      async upsert(profiles) {
        const done = await api.provisionUsers(HOST, { users: profiles })
        return done.map(({ user, result }) => ({ userId: user.id, result }))
      },
      revoke: async (who) => api.revokeTokens(HOST, await userIdOf(ports, who)),
    },
    keys: {
      async create({ name, scopes, bot, expiresAt }) {
        const botId = bot === undefined ? undefined : await userIdOf(ports, bot)
        const { key, text } = await api.createKey(HOST, { name, scopes, botId, expiresAt: expiresAt?.getTime() })
        return { id: key.id, key: text }
      },
      revoke: (id) => api.revokeKey(HOST, id as KeyId),
    },
  }
}

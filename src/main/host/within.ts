import type { Caller, ChatApi } from '../../application/chat-api.ts'
import { addMembers } from '../../application/chats/add-members.ts'
import { createGroup } from '../../application/chats/create-group.ts'
import { openPrivateChat } from '../../application/chats/open-private-chat.ts'
import { removeMembers } from '../../application/chats/remove-members.ts'
import { renameChat } from '../../application/chats/rename-chat.ts'
import { addUser } from '../../application/identity/add-user.ts'
import { hinted } from '../../application/live/hub.ts'
import { deleteMessage } from '../../application/messages/delete-message.ts'
import { editMessage } from '../../application/messages/edit-message.ts'
import { sendMessage } from '../../application/messages/send-message.ts'
import { sendMessageToUser } from '../../application/messages/send-message-to-user.ts'
import type { Ports } from '../../application/ports/ports.ts'
import type { AtCommit, Outer } from '../../application/ports/within.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import { isRefusal } from '../../domain/refusal.ts'
import { checkedName, checkedUsername } from '../../domain/words.ts'
import type { OutboundPorts } from '../compose.ts'
import { type ChatAs, userIdOf, type Who } from './as.ts'
import type { HostProfile } from './profile.ts'

/** A client of `pg` that you have checked out of a pool. */
export interface PgTx {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(): unknown
}
/** An `EntityManager` of MikroORM 7. */
export interface OrmTx {
  getKysely(): unknown
  isInTransaction(): boolean
}
/** A handle of `better-sqlite3` on a file. */
export interface SqliteTx {
  readonly inTransaction: boolean
  prepare(sql: string): unknown
}
/** Your own transaction, which you have begun and will end. */
export type HostTx = PgTx | OrmTx | SqliteTx

/** True once your transaction commits. */
export interface Pending<R> {
  readonly pending: Awaited<R>
}

export interface WithinOptions {
  /**
   * Whether your transaction on Postgres notifies the processes itself, so that they tell of it as soon as you commit. Postgres queues
   * commits that notify: with `false`, or with Redis between the processes, they find it at most 1 s later. True by default.
   */
  readonly notify?: boolean | undefined
  /**
   * Whether the statements of the chat stay prepared on your client of `pg`, so that Postgres parses and plans them once for each connection.
   * Not behind a pooler that hands the connection to somebody else after each transaction. False by default.
   */
  readonly prepare?: boolean | undefined
}

type InTx =
  | 'openPrivateChat'
  | 'createGroup'
  | 'addMembers'
  | 'removeMembers'
  | 'renameChat'
  | 'sendMessage'
  | 'sendMessageToUser'
  | 'editMessage'
  | 'deleteMessage'

/** Calls in your transaction. */
export interface Within {
  /**
   * Locks chats until your transaction ends, in one order: transactions that lock all of their chats first do not deadlock. Without it, each
   * call locks its chat.
   */
  lock(chatIds: readonly string[]): Promise<void>
  /** Adds a user; returns the one who has this external id already. */
  addPerson(profile: HostProfile): Promise<Pending<{ readonly userId: string }>>
  as(who: Who): { readonly [K in InTx]: (...given: Parameters<ChatAs[K]>) => Promise<Pending<ReturnType<ChatAs[K]>>> }
}

/** The calls of a user on the ports of a transaction. Hooks do not run: what a program sends in its own transaction is its own. */
function callsOn(ports: Ports): Pick<ChatApi, InTx> {
  // A device that is told of it too early would show what may never be.
  const needs = { ...ports, owned: () => {}, appeared: () => {} }
  return {
    openPrivateChat: openPrivateChat(needs),
    createGroup: createGroup(needs),
    addMembers: addMembers(needs),
    removeMembers: removeMembers(needs),
    renameChat: renameChat(needs),
    sendMessage: sendMessage(needs),
    sendMessageToUser: sendMessageToUser(needs),
    editMessage: editMessage(needs),
    deleteMessage: deleteMessage(needs),
  }
}

type AnyCall = (caller: Caller, ...given: readonly unknown[]) => Promise<unknown>
const NAMES = Object.keys(callsOn({} as Ports)) as InTx[]

export const withinHost =
  ({ within: open, ...ports }: OutboundPorts) =>
  (transaction: HostTx, { notify = true, prepare = false }: WithinOptions = {}): Within => {
    const { bus } = ports
    const atCommit: AtCommit | undefined = notify && bus.atCommit ? (events) => bus.atCommit!(hinted(events)) : undefined
    let opening: Promise<Outer> | undefined
    const outer = (): Promise<Outer> => {
      if (!open) return Promise.reject(new TypeError('This store cannot take part in a transaction of yours: use database(…)'))
      return (opening ??= open(transaction, { atCommit, isPrepared: prepare }))
    }
    const inside = async (): Promise<Ports> => ({ ...ports, ...(await outer()), interceptors: undefined })
    const call =
      (who: Who, name: InTx) =>
      async (...given: readonly unknown[]) => {
        const own = await inside()
        // Whether somebody has this id is asked where the call is refused: each of them reads who acts.
        const userId = typeof who === 'string' ? (who as UserId) : await userIdOf(own, who)
        const caller = { userId, sessionId: userId as string as SessionId }
        try {
          return { pending: await (callsOn(own)[name] as unknown as AnyCall)(caller, ...given) }
        } catch (error) {
          if (isRefusal(error)) await userIdOf(own, userId)
          throw error
        }
      }
    return {
      lock: async (chatIds) => (await outer()).lock(chatIds as readonly ChatId[]),
      async addPerson({ externalId, name, username, email, avatarUrl, kind }) {
        const user = await addUser(await inside(), {
          externalId,
          name: checkedName(name),
          username: username === undefined ? undefined : checkedUsername(username),
          email,
          passwordHash: undefined,
          avatarUrl: avatarUrl ?? undefined,
          kind,
        })
        return { pending: { userId: user.id } }
      },
      as: (who) => Object.fromEntries(NAMES.map((name) => [name, call(who, name)])) as unknown as ReturnType<Within['as']>,
    }
  }

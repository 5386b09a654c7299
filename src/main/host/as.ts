import { calls } from '../../application/calls.ts'
import type { Caller, ChatApi } from '../../application/chat-api.ts'
import type { Ports } from '../../application/ports/ports.ts'
import type { ChatId, ClientMessageId, MessageId, SessionId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

/** Ids go in as plain strings; what comes back fits. */
export type Plain<T> = T extends UserId | ChatId | MessageId | SessionId | ClientMessageId
  ? string
  : T extends string | number | boolean | undefined
    ? T
    : T extends readonly (infer U)[]
      ? readonly Plain<U>[]
      : { [K in keyof T]: Plain<T[K]> }

type ByPerson = {
  [K in keyof ChatApi]: Parameters<ChatApi[K]> extends [{ userId: UserId }, ...unknown[]] ? K : never
}[keyof ChatApi]

/** The calls of one user, without the caller. */
export type ChatAs = {
  readonly [K in ByPerson]: Parameters<ChatApi[K]> extends [unknown, ...infer A]
    ? (...given: { [I in keyof A]: Plain<A[I]> }) => ReturnType<ChatApi[K]>
    : never
}

/** A user: by the id here, or by the id that your system gives them. */
export type Who = string | { readonly externalId: string }

/** Returns whom a host names. Refuses with `user-not-found`. */
export async function userIdOf({ people }: Pick<Ports, 'people'>, who: Who): Promise<UserId> {
  const user = typeof who === 'string' ? await people.get(who as UserId) : (await people.external([who.externalId])).get(who.externalId)
  if (!user) throw new Refusal('user-not-found', { userIds: [(typeof who === 'string' ? who : who.externalId) as UserId] })
  return user.id
}

type AnyCall = (caller: Caller, ...args: readonly unknown[]) => Promise<unknown>

/** Makes the calls of a user whom the host names. */
export const actingAs =
  (api: ChatApi, ports: Pick<Ports, 'people'>) =>
  (who: Who): ChatAs => {
    const names = Object.entries(calls).flatMap(([name, call]) =>
      call.who === 'person' && !('isForKeys' in call) ? [name as ByPerson] : [],
    )
    const made = names.map((name) => {
      const call = async (...args: readonly unknown[]) => {
        const userId = await userIdOf(ports, who)
        return (api[name] as unknown as AnyCall)({ userId, sessionId: userId as string as SessionId }, ...args)
      }
      return [name, call] as const
    })
    return Object.fromEntries(made) as unknown as ChatAs
  }

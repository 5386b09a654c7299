import { SYSTEM_ID } from '../domain/ids.ts'
import { Refusal } from '../domain/refusal.ts'
import type { KeyScope } from '../domain/scopes.ts'
import type { Caller, ChatApi } from './chat-api.ts'
import { checked } from './checked.ts'

export const hasScope = ({ scopes = [] }: Pick<Caller, 'scopes'>, scope: KeyScope): boolean =>
  scopes.includes(scope) || scopes.includes('admin')

/** Refuses with `not-allowed` unless the caller's key has the scope. */
export function requireScope(caller: Pick<Caller, 'scopes'>, scope: KeyScope): void {
  if (!hasScope(caller, scope)) throw new Refusal('not-allowed', { requires: [`scope:${scope}`] })
}

/** Whether the caller is the key of a back end that acts as nobody. */
export const isBackEnd = ({ via, userId }: Partial<Caller>): boolean => via === 'key' && userId === SYSTEM_ID

/** The same API. Keys need the scope of a call, back ends that act as nobody need one for every call; what takes a password takes a session of ours. */
export const scoped = (api: ChatApi): ChatApi =>
  checked(api, ({ who, cost, scope, isForKeys }) => {
    if (who !== 'person') return undefined
    return (args) => {
      const caller = args[0] as Caller
      if (scope !== 'none' && (isForKeys || isBackEnd(caller))) requireScope(scope === undefined ? {} : caller, scope ?? 'act')
      if (cost === 'password' && (caller.via ?? 'session') !== 'session') throw new Refusal('not-allowed', { requires: ['password'] })
    }
  })

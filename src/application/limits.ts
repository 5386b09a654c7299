import type { Caller, ChatApi, Stranger } from './chat-api.ts'
import type { LimitKind, RateLimiter } from './ports/limiter.ts'

type Call<Who, Command, Result> = (who: Who, command: Command) => Promise<Result>

/** The same API, where whoever asks too often is refused before anything is done. */
export function limited(api: ChatApi, { admit }: RateLimiter): ChatApi {
  const byAddress =
    <C, R>(kind: LimitKind, call: Call<Stranger, C, R>): Call<Stranger, C, R> =>
    async (stranger, command) => {
      await admit(kind, stranger.address)
      return call(stranger, command)
    }
  const byPerson =
    <C, R>(kind: LimitKind, call: Call<Caller, C, R>): Call<Caller, C, R> =>
    async (caller, command) => {
      await admit(kind, caller.userId)
      return call(caller, command)
    }

  return {
    ...api,
    register: byAddress('register', api.register),
    createGuest: byAddress('register', api.createGuest),
    login: byAddress('login-address', async (stranger, command) => {
      await admit('login', command.login.trim().toLowerCase())
      return api.login(stranger, command)
    }),
    refresh: byAddress('refresh', api.refresh),
    // Who may try passwords may try no more of them here than at the door.
    changePassword: byPerson('login', api.changePassword),
    deleteMe: byPerson('login', api.deleteMe),
    sendMessage: byPerson('send', api.sendMessage),
    sendMessageToUser: byPerson('send', api.sendMessageToUser),
    editMessage: byPerson('send', api.editMessage),
    deleteMessage: byPerson('send', api.deleteMessage),
  }
}

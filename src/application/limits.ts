import type { ChatApi } from './chat-api.ts'

/** What is counted: by login name, by network address, or by person. */
export type LimitKind = 'login' | 'login-address' | 'register' | 'refresh' | 'send' | 'connect'

export interface RateLimiter {
  /** Counts one more of a kind for this key; refuses with `too-many-requests` when there were too many of late. */
  admit(kind: LimitKind, key: string): Promise<void>
}

/** The same API, where whoever asks too often is refused before anything is done. */
export const limited = (api: ChatApi, { admit }: RateLimiter): ChatApi => ({
  ...api,
  async register(stranger, command) {
    await admit('register', stranger.address)
    return api.register(stranger, command)
  },
  async createGuest(stranger, command) {
    await admit('register', stranger.address)
    return api.createGuest(stranger, command)
  },
  async login(stranger, command) {
    await admit('login-address', stranger.address)
    await admit('login', command.login.trim().toLowerCase())
    return api.login(stranger, command)
  },
  async refresh(stranger, command) {
    await admit('refresh', stranger.address)
    return api.refresh(stranger, command)
  },
  /** Who may try passwords may try no more of them here than at the door. */
  async changePassword(caller, command) {
    await admit('login', caller.userId)
    return api.changePassword(caller, command)
  },
  async deleteMe(caller, command) {
    await admit('login', caller.userId)
    return api.deleteMe(caller, command)
  },
  async sendMessage(caller, command) {
    await admit('send', caller.userId)
    return api.sendMessage(caller, command)
  },
  async sendMessageToUser(caller, command) {
    await admit('send', caller.userId)
    return api.sendMessageToUser(caller, command)
  },
  async editMessage(caller, command) {
    await admit('send', caller.userId)
    return api.editMessage(caller, command)
  },
  async deleteMessage(caller, command) {
    await admit('send', caller.userId)
    return api.deleteMessage(caller, command)
  },
})

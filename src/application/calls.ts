import type { KeyScope } from '../domain/scopes.ts'
import type { Anonymous, Caller, ChatApi } from './chat-api.ts'
import type { LimitKind } from './ports/limiter.ts'

export type CallName = keyof ChatApi

/** Who a call is made by. `anyone`: a call that finds out who asks, or that concerns nobody. */
export type Who = 'anyone' | 'anonymous' | 'person'
type WhoCalls<C extends CallName> =
  Parameters<ChatApi[C]> extends [infer First, ...unknown[]]
    ? First extends Caller
      ? 'person'
      : First extends Anonymous
        ? 'anonymous'
        : 'anyone'
    : 'anyone'

/** One counter of the rate limiter that a call uses up. */
export interface Count {
  readonly kind: LimitKind
  /** What the counter belongs to: the network of the caller's address, or a person. */
  readonly by: 'network' | 'person'
  /** How much of the limit one call uses up; 1 unless given. */
  readonly points?: number
}

/** Work that a person has done, in points: what one row or one page costs is 1. */
const work = (points: number) =>
  [
    { kind: 'work', by: 'person', points },
    { kind: 'work-network', by: 'network', points },
  ] as const

/** What a call costs, by the kind of work it makes: the counters that it uses up, in this order. A class without counters has no limit. */
export const costs = {
  anyone: { free: [] },
  anonymous: {
    register: [{ kind: 'register', by: 'network' }],
    login: [{ kind: 'login-address', by: 'network' }],
    /** Asks for a mail. */
    recover: [{ kind: 'recover', by: 'network' }],
    refresh: [{ kind: 'refresh', by: 'network' }],
    /** Opens an address that was signed. */
    open: [{ kind: 'work-network', by: 'network' }],
    /** Counted for the inlet itself once its secret is known to be right. */
    inlet: [{ kind: 'work-network', by: 'network', points: 5 }],
  },
  person: {
    /** Checks a password; wrong ones are counted besides: `asGuess`. */
    password: work(20),
    /** One row, or one page of a list. */
    read: work(1),
    /** Looks through texts, names or a whole log. */
    search: work(20),
    /** A new chat or new members. */
    create: [{ kind: 'create', by: 'person' }, ...work(5)],
    /** Changes what is there, except messages. */
    change: work(2),
    send: [
      { kind: 'send', by: 'person' },
      { kind: 'work-network', by: 'network' },
    ],
    /** Begins to store bytes. */
    upload: [{ kind: 'upload', by: 'person' }, ...work(5)],
    /** Reacts, pins. */
    react: [
      { kind: 'react', by: 'person' },
      { kind: 'work-network', by: 'network' },
    ],
    /** Moves a read position. */
    mark: work(1),
    /** What back ends do, in bulk. */
    service: [],
  },
} as const satisfies { readonly [W in Who]: Readonly<Record<string, readonly Count[]>> }

/** The name under which the security log records a call. */
export type Deed =
  | 'sign-in'
  | 'refresh'
  | 'signed-out'
  | 'password-changed'
  | 'recovered'
  | 'email-changed'
  | 'second-factor-changed'
  | 'deleted'
  | 'role-changed'
  | 'key-made'
  | 'key-revoked'

export type Call<W extends Who = Who> = {
  readonly [K in W]: {
    readonly who: K
    readonly cost: keyof (typeof costs)[K]
    /** What a key needs that acts as nobody; `none`: nothing. Without it such a key makes no such call. */
    readonly scope?: KeyScope | 'none'
    /** Whether only keys may make the call. */
    readonly isForKeys?: true
    readonly deed?: Deed
  }
}[W]

/** One row per call of the API. Limits, access and metrics fold over it; a call without a row does not compile. */
export const calls = {
  register: { who: 'anonymous', cost: 'register', deed: 'sign-in' },
  createGuest: { who: 'anonymous', cost: 'register', deed: 'sign-in' },
  login: { who: 'anonymous', cost: 'login', deed: 'sign-in' },
  refresh: { who: 'anonymous', cost: 'refresh', deed: 'refresh' },
  authenticate: { who: 'anyone', cost: 'free' },
  recover: { who: 'anonymous', cost: 'recover' },
  resetPassword: { who: 'anonymous', cost: 'login', deed: 'recovered' },
  passkeySignIn: { who: 'anonymous', cost: 'login' },
  signInWithPasskey: { who: 'anonymous', cost: 'login', deed: 'sign-in' },
  logout: { who: 'person', cost: 'change', deed: 'signed-out' },
  changePassword: { who: 'person', cost: 'password', deed: 'password-changed' },
  verifyEmail: { who: 'person', cost: 'change', deed: 'email-changed' },
  sendEmailCode: { who: 'person', cost: 'change' },
  listFactors: { who: 'person', cost: 'read' },
  addTotp: { who: 'person', cost: 'password' },
  confirmTotp: { who: 'person', cost: 'password', deed: 'second-factor-changed' },
  passkeyCreation: { who: 'person', cost: 'password' },
  addPasskey: { who: 'person', cost: 'change', deed: 'second-factor-changed' },
  removeFactor: { who: 'person', cost: 'password', deed: 'second-factor-changed' },
  newRecoveryCodes: { who: 'person', cost: 'password', deed: 'second-factor-changed' },
  listSessions: { who: 'person', cost: 'read' },
  endSession: { who: 'person', cost: 'change', deed: 'signed-out' },

  getMe: { who: 'person', cost: 'read', scope: 'none' },
  updateMe: { who: 'person', cost: 'change' },
  deleteMe: { who: 'person', cost: 'password', deed: 'deleted' },
  upgradeGuest: { who: 'person', cost: 'change' },
  findUsers: { who: 'person', cost: 'search', scope: 'read' },
  getUser: { who: 'person', cost: 'read', scope: 'read' },

  blockUser: { who: 'person', cost: 'change' },
  unblockUser: { who: 'person', cost: 'change' },
  listBlocks: { who: 'person', cost: 'read' },

  openPrivateChat: { who: 'person', cost: 'create' },
  createGroup: { who: 'person', cost: 'create' },
  listChats: { who: 'person', cost: 'read', scope: 'read' },
  getChat: { who: 'person', cost: 'read', scope: 'read' },
  updateMyChat: { who: 'person', cost: 'change' },
  renameChat: { who: 'person', cost: 'change' },
  deleteChat: { who: 'person', cost: 'change' },
  listMembers: { who: 'person', cost: 'read', scope: 'read' },
  addMembers: { who: 'person', cost: 'create' },
  changeRole: { who: 'person', cost: 'change', deed: 'role-changed' },
  removeMembers: { who: 'person', cost: 'change' },
  muteMember: { who: 'person', cost: 'change' },
  unmuteMember: { who: 'person', cost: 'change' },
  banUser: { who: 'person', cost: 'change' },
  unbanUser: { who: 'person', cost: 'change' },
  listBans: { who: 'person', cost: 'read' },
  createInvitation: { who: 'person', cost: 'create' },
  listInvitations: { who: 'person', cost: 'read' },
  deleteInvitation: { who: 'person', cost: 'change' },
  joinChat: { who: 'person', cost: 'create' },
  askToJoin: { who: 'person', cost: 'create' },
  listRequests: { who: 'person', cost: 'read' },
  acceptRequest: { who: 'person', cost: 'create' },
  declineRequest: { who: 'person', cost: 'change' },

  sendMessage: { who: 'person', cost: 'send', scope: 'post' },
  sendMessageToUser: { who: 'person', cost: 'send' },
  listMessages: { who: 'person', cost: 'read', scope: 'read' },
  searchMessages: { who: 'person', cost: 'search', scope: 'read' },
  listMentions: { who: 'person', cost: 'read', scope: 'read' },
  getMessage: { who: 'person', cost: 'read', scope: 'read' },
  editMessage: { who: 'person', cost: 'send' },
  deleteMessage: { who: 'person', cost: 'send' },
  markRead: { who: 'person', cost: 'mark' },
  listReaders: { who: 'person', cost: 'read', scope: 'read' },
  addReaction: { who: 'person', cost: 'react' },
  removeReaction: { who: 'person', cost: 'react' },
  listReactions: { who: 'person', cost: 'read', scope: 'read' },
  pinMessage: { who: 'person', cost: 'react' },
  unpinMessage: { who: 'person', cost: 'react' },
  listPins: { who: 'person', cost: 'read', scope: 'read' },
  listEvents: { who: 'person', cost: 'read', scope: 'read' },
  findAccounts: { who: 'person', cost: 'search', scope: 'none' },
  updateAccount: { who: 'person', cost: 'change', scope: 'none' },
  endAccountSessions: { who: 'person', cost: 'change', scope: 'none' },
  recoverAccount: { who: 'person', cost: 'change', scope: 'none' },
  deleteAccount: { who: 'person', cost: 'change', scope: 'none', deed: 'deleted' },
  inspectChat: { who: 'person', cost: 'read', scope: 'none' },
  removeChat: { who: 'person', cost: 'change', scope: 'none' },
  exportMe: { who: 'person', cost: 'search' },
  exportAccount: { who: 'person', cost: 'search', scope: 'none' },
  reportMessage: { who: 'person', cost: 'create' },
  listReports: { who: 'person', cost: 'read', scope: 'moderate' },
  resolveReport: { who: 'person', cost: 'change', scope: 'moderate' },
  listDeeds: { who: 'person', cost: 'read', scope: 'none' },
  provisionUsers: { who: 'person', cost: 'service', scope: 'provision', isForKeys: true },
  provisionChats: { who: 'person', cost: 'service', scope: 'provision', isForKeys: true },
  findExternalUser: { who: 'person', cost: 'service', scope: 'provision', isForKeys: true },
  deleteUser: { who: 'person', cost: 'service', scope: 'admin', isForKeys: true, deed: 'deleted' },
  revokeTokens: { who: 'person', cost: 'service', scope: 'provision', isForKeys: true },
  createKey: { who: 'person', cost: 'service', scope: 'admin', isForKeys: true, deed: 'key-made' },
  listKeys: { who: 'person', cost: 'service', scope: 'admin', isForKeys: true },
  revokeKey: { who: 'person', cost: 'service', scope: 'admin', isForKeys: true, deed: 'key-revoked' },

  uploadFile: { who: 'person', cost: 'upload' },
  createUpload: { who: 'person', cost: 'upload' },
  getUpload: { who: 'person', cost: 'mark' },
  continueUpload: { who: 'person', cost: 'change' },
  endUpload: { who: 'person', cost: 'change' },
  getFile: { who: 'person', cost: 'read' },
  deleteFile: { who: 'person', cost: 'change' },
  getFileUrls: { who: 'person', cost: 'read' },
  getFileContent: { who: 'person', cost: 'read' },
  getSignedContent: { who: 'anonymous', cost: 'open' },
  listFiles: { who: 'person', cost: 'read' },
  createHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  listHooks: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  getHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  updateHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  deleteHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  rotateHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  replayHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  skipHook: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  listDeadRanges: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },
  retryDeadRanges: { who: 'person', cost: 'service', scope: 'hooks', isForKeys: true },

  getNotices: { who: 'person', cost: 'read' },
  setNotices: { who: 'person', cost: 'change' },
  getPushKey: { who: 'person', cost: 'read' },
  keepPushDevice: { who: 'person', cost: 'change' },
  dropPushDevice: { who: 'person', cost: 'change' },
  unsubscribe: { who: 'anonymous', cost: 'open' },
  createInlet: { who: 'person', cost: 'create' },
  listInlets: { who: 'person', cost: 'read' },
  deleteInlet: { who: 'person', cost: 'change' },
  postToInlet: { who: 'anonymous', cost: 'inlet' },

  epoch: { who: 'anyone', cost: 'free' },
} as const satisfies { readonly [C in CallName]: Call<WhoCalls<C>> }

export const countsOf = ({ who, cost }: Call): readonly Count[] => (costs[who] as Readonly<Record<string, readonly Count[]>>)[cost]!

export type AnyCall = (...args: readonly unknown[]) => Promise<unknown>
export type Wrap = (run: AnyCall, call: Call, name: CallName) => AnyCall

/** The same API with something around every call of it. */
export const around = (api: ChatApi, wrap: Wrap): ChatApi =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, wrap(api[name as CallName] as unknown as AnyCall, call, name as CallName)]),
  ) as unknown as ChatApi

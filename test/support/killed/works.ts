import type { Caller } from '../../../src/application/chat-api.ts'
import type { ChatId, ClientMessageId, UserId } from '../../../src/domain/ids.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import type { Opened } from '../../../src/main/container.ts'
import type { ServerOptions } from '../../../src/main/server-options.ts'

export const DAY = 86_400_000
/** When everything was written. */
export const LONG_AGO = Date.UTC(2030, 0, 1)

/** Where a store is. */
export interface Stored {
  readonly url: string
  /** The folder of its files. */
  readonly files: string
}

/** Who is in a store, and which chats. */
export interface Cast {
  readonly who: UserId
  readonly other: UserId
  /** A group with many messages of both. */
  readonly long: ChatId
  /** A group in which nothing is deleted. */
  readonly side: ChatId
}

/** One life of a process. */
export interface Life extends Stored {
  readonly cast: Cast
  readonly work: WorkName
  /** How often it was begun before. */
  readonly life: number
  readonly at?: number | undefined
  readonly isSabotaged: boolean
}

export interface Work {
  /** The first statement of the work where it is taken up again. */
  readonly from: RegExp
  /** The statements of the work at which a process is killed, one life after the other: half of them before they run. */
  readonly kills: readonly number[]
  /** What is asked for, until it has begun. */
  begin?(api: Opened['api'], cast: Cast): Promise<unknown>
  /** Rejects once it has begun. */
  isToBegin?(api: Opened['api'], cast: Cast): Promise<unknown>
  /** What every process does from time to time. */
  chore?(app: Opened): Promise<unknown>
  /** A statement, and another one by which what is left half is never found again. */
  readonly sabotage: readonly [text: string, instead: string]
}

export const callerOf = (userId: UserId): Caller => ({ userId, sessionId: userId as never })

export type WorkName = 'the deletion of a user' | 'the deletion of a chat' | 'the retention of texts' | 'the collection of files'

export const works: Readonly<Record<WorkName, Work>> = {
  'the deletion of a user': {
    from: /is_erasing/,
    kills: [4, 17, 50],
    isToBegin: (api, { who, other }) => api.getUser(callerOf(other), who),
    begin: (api, { who }) => api.deleteMe(callerOf(who), { password: '' }),
    sabotage: ['where is_erasing order', 'where is_erasing and 1 = 0 order'],
  },
  'the deletion of a chat': {
    from: /gone_chats/,
    kills: [2, 7, 12],
    isToBegin: (api, { other, long }) => api.getChat(callerOf(other), long),
    begin: (api, { other, long }) => api.deleteChat(callerOf(other), long),
    sabotage: ['from gone_chats order', 'from gone_chats where 1 = 0 order'],
  },
  'the retention of texts': {
    from: /passed_seq/,
    kills: [4, 17, 50],
    chore: (app) => app.expireTexts(),
    sabotage: ['where c.id > $1', 'where c.id > $1 and 1 = 0'],
  },
  'the collection of files': {
    from: /loose_since|unused_since/,
    kills: [2, 30, 31],
    chore: (app) => app.collectFiles(),
    sabotage: ['or -unused_since < $3', 'or (-unused_since < $3 and 1 = 0)'],
  },
}

export const optionsOf = ({ url, files }: Stored, clock: () => number) =>
  ({
    databaseUrl: url,
    files: { kind: 'folder', folder: files },
    jwtSecret: 'a secret of a test, of 32 bytes and more',
    rateLimits: false,
    messageTtl: 30 * DAY,
    ports: { clock },
  }) satisfies ServerOptions
export const configOf = (options: ReturnType<typeof optionsOf>) => {
  const { ports: _, ...settings } = options
  return { ...defaultConfig(), ...settings }
}

export const send = ({ api }: Pick<Opened, 'api'>, userId: UserId, chatId: ChatId, key: string, text = key) =>
  api.sendMessage(callerOf(userId), { chatId, clientMessageId: key as ClientMessageId, text })

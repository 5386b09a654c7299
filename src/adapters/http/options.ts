import type { IncomingMessage } from 'node:http'
import type { Caller, ChatApi } from '../../application/chat-api.ts'
import type { Activity } from '../../application/identity/activity.ts'
import type { Duration, UserId } from '../../domain/ids.ts'

/** What the calls of the HTTP interface need. */
export interface RouteOptions {
  readonly api: ChatApi
  /** Told in `GET /api/v1` and in the documents. */
  readonly version: string
  /** Names requests that bring no `X-Request-Id` of their own. */
  readonly newId: () => string
  /** Runs forward only; from where does not matter. */
  readonly stopwatch: () => Duration
  /** Are guests let in: told, not enforced here. */
  readonly guests?: boolean
  /** May users have passkeys: told, not enforced here. */
  readonly passkeys?: boolean
  /** How long the texts of messages stay, if not for good: told, not enforced here. */
  readonly messageTtl?: Duration | undefined
  /** Where clients reach this server, without a slash at the end; the server's own absolute paths otherwise. */
  readonly publicUrl?: string | undefined
  /** Origins besides one's own whose pages may call; `*` is every origin. */
  readonly allowedOrigins?: readonly string[]
  /** Bytes of a file, at most. */
  readonly fileLimit?: number | undefined
  /** Members of a group, at most. */
  readonly groupLimit?: number | undefined
  /** How many proxies in front are believed when they say whom they speak for. */
  readonly trustedProxies?: number
  /** While it says so, calls are refused with `draining` and their connections closed. */
  readonly isDraining?: () => boolean
  /** Hears of every call that somebody signed in has made. */
  readonly activity?: Pick<Activity, 'note'>
  /** Hears of everything thrown that is no refusal, once. Without it Koa's own `error` event tells. */
  readonly onDefect?: (defect: unknown, where: { readonly requestId: string; readonly operation: string }) => void
  /** Whom the host's own code finds in a request without a bearer. */
  readonly identify?: ((request: IncomingMessage) => Promise<Caller | undefined>) | undefined
  readonly onRequest?: (request: Answered) => void
  /** Answers a request within a span of a trace, that of its `traceparent` if it has one. */
  readonly trace?: ((traceparent: string | undefined, answer: () => Promise<Omit<Answered, 'seconds'>>) => Promise<unknown>) | undefined
}

/** A request that was answered. `operation` is one of the `operationId`s, or `other`. */
export interface Answered {
  readonly requestId: string
  readonly operation: string
  /** Who asked, if that was found out. */
  readonly userId?: UserId
  readonly method: string
  /** Without the query, in which people search for texts. */
  readonly path: string
  readonly address: string
  readonly status: number
  readonly seconds: number
}

/** What a whole server needs besides. */
export interface AppOptions extends RouteOptions {
  /** Can work be done: false, a failure, or no answer within two seconds is no. */
  readonly ready?: () => boolean | Promise<boolean>
  readonly metrics?: {
    /** Whoever brings it as a bearer may look; without it nobody. A proxy on this machine is no better than its clients. */
    readonly token?: string | undefined
    readonly render: () => Promise<{ readonly type: string; readonly text: string }>
  }
  /** The origin to which readers of files are sent, if they are. */
  readonly bucketOrigin?: string | undefined
  /** The folder of the built page, served at `/` when it is there; `kinds` is the module that takes the place of its `/kinds.js`. */
  readonly page?: { readonly folder: string; readonly kinds?: string | undefined } | undefined
}

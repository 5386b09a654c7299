import type { Auth, ChatOptions, Session } from '../types.ts'

/** Whether this is what `createAuth` returns. */
export const isAuth = (source: object): source is Auth => 'restored' in source

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
const has = (value: unknown, type: string, ...names: readonly string[]): boolean =>
  isRecord(value) && names.every((name) => typeof value[name] === type)

/** Whether this is a session as `createAuth` keeps it. What an earlier version or another program has stored may be anything. */
export const isSession = (value: unknown): value is Session =>
  isRecord(value) &&
  has(value['user'], 'string', 'id') &&
  has(value, 'string', 'sessionId', 'accessToken', 'refreshToken') &&
  has(value, 'number', 'accessExpiresAt', 'refreshExpiresAt')

function need(isRight: boolean, words: string): asserts isRight {
  if (!isRight) throw new TypeError(`windi-chat: ${words}`)
}

/** Throws a `TypeError` that says what `url` may be. */
export function checkUrl(url: unknown): void {
  need(
    typeof url === 'string' && /^$|^https?:\/\/\S/.test(url),
    "`url` must be '' for the page's own origin, or begin with http:// or https://",
  )
}

/** Throws a `TypeError` that says what is wrong with the options. */
export function checkOptions({ url, auth, deviceId, outbox = {} }: ChatOptions): void {
  checkUrl(url)
  need(
    isSession(auth) || (has(auth, 'function', 'getToken') && !('accessToken' in auth)),
    '`auth` must be what createAuth returns, a whole session (user, sessionId, both tokens and when they expire), or { getToken }',
  )
  need(deviceId === undefined || /^.{1,128}$/s.test(deviceId), '`deviceId` must have 1 to 128 characters')
  need(
    Object.values(outbox).every((limit) => limit === undefined || limit > 0),
    'the limits of `outbox` must be numbers above 0',
  )
}

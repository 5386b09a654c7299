import { noticesRoutes } from '../adapters/wire/routes/notices.ts'
import type { ChatNotices as WireChatNotices, MyNotices as WireMyNotices } from '../adapters/wire/schemas/notices.ts'
import type { CallOptions } from './basic-types.ts'
import type { ChatClient, NoticeLevel, Quiet } from './types.ts'

export interface ChatNotices {
  /** Undefined: as for all chats. */
  readonly level: NoticeLevel | undefined
  readonly mutedUntil: number | undefined
}

/** What applies to all chats that have no settings of their own. */
export interface MyNotices {
  readonly level: NoticeLevel
  readonly quiet: Quiet | undefined
  /** Whether a mail tells, at most once a day, how much was missed; undefined where the service sends none. */
  readonly digest: boolean | undefined
}

/** A browser's `PushSubscription`, as `toJSON()` gives it. */
export interface PushSubscriptionParts {
  readonly endpoint?: string | undefined
  readonly keys?: Readonly<Record<string, string>> | undefined
}

/** What notifications show: the name and the text, the name, or neither. */
export type PushContent = 'full' | 'name' | 'none'

export interface PushDevice {
  /** Chosen by the application, the same each time on one device. */
  readonly id: string
  readonly subscription: PushSubscriptionParts
  readonly content: PushContent
}

const readChat = ({ level, muted_until }: WireChatNotices): ChatNotices => ({
  level: level ?? undefined,
  mutedUntil: muted_until === null ? undefined : Date.parse(muted_until),
})
const readMine = ({ level, quiet, digest }: WireMyNotices): MyNotices => ({ level, quiet: quiet ?? undefined, digest })

/** Returns the user's settings of a chat. A change on any device is told by the event `notices`. Rejects with `chat-not-found`. */
export async function chatNotices({ call }: ChatClient, chatId: string, { signal }: CallOptions = {}): Promise<ChatNotices> {
  return readChat(await call<WireChatNotices>(noticesRoutes.getNotices, { params: { chat_id: chatId }, signal }))
}

/** Sets of what in a chat the user is notified, and until when not at all. */
export async function setChatNotices(
  { call }: ChatClient,
  chatId: string,
  { level, mutedUntil }: ChatNotices,
  { signal }: CallOptions = {},
): Promise<ChatNotices> {
  const body = { level: level ?? null, muted_until: mutedUntil === undefined ? null : new Date(mutedUntil).toISOString() }
  return readChat(await call<WireChatNotices>(noticesRoutes.setNotices, { params: { chat_id: chatId }, body, signal }))
}

/** Returns the user's settings for all chats. */
export async function myNotices({ call }: ChatClient, { signal }: CallOptions = {}): Promise<MyNotices> {
  return readMine((await call<{ readonly notices: WireMyNotices }>('getMe', { signal })).notices)
}

export async function updateMyNotices(
  { call }: ChatClient,
  { level, quiet, digest }: { readonly level?: NoticeLevel; readonly quiet?: Quiet | null; readonly digest?: boolean },
  { signal }: CallOptions = {},
): Promise<MyNotices> {
  const notices = { ...(level !== undefined && { level }), ...(quiet !== undefined && { quiet }), ...(digest !== undefined && { digest }) }
  return readMine((await call<{ readonly notices: WireMyNotices }>('updateMe', { body: { notices }, signal })).notices)
}

/** Returns the `applicationServerKey` of subscriptions, base64url. */
export async function pushKey({ call }: ChatClient, { signal }: CallOptions = {}): Promise<string> {
  return (await call<{ readonly vapid_key: string }>(noticesRoutes.getPushKey, { signal })).vapid_key
}

/** Has notifications sent to this device until the session ends. */
export async function keepPushDevice(
  { call }: ChatClient,
  { id, subscription: { endpoint, keys }, content }: PushDevice,
  { signal }: CallOptions = {},
): Promise<void> {
  const body = { kind: 'web', endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth }, content }
  await call(noticesRoutes.keepPushDevice, { params: { device_id: id }, body, signal })
}

export async function dropPushDevice({ call }: ChatClient, deviceId: string, { signal }: CallOptions = {}): Promise<void> {
  await call(noticesRoutes.dropPushDevice, { params: { device_id: deviceId }, signal })
}

import i18next from 'i18next'
import { useEffect } from 'react'
import type { ChatClient, ChatItem, Message, NoticeLevel, Quiet } from '../../src/client/index.ts'
import { type ChatNotices, chatNotices, type MyNotices, myNotices, setChatNotices } from '../../src/client/notices.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { holder } from './holder.ts'
import { forget, keep, kept } from './kept.ts'
import { tell } from './notices.ts'
import { errorText } from './problem-text.ts'

const NAME = 'chat-notices'
/** Chats of which this browser remembers settings that differ from the usual ones, at most. */
const REMEMBERED = 500
/** Until somebody turns it on again. */
export const FOR_EVER = Date.UTC(9999, 0)
const HOUR_MS = 3_600_000
/** For how long a chat can be muted, and when that ends. */
export const muteSpans = [
  ['hour', () => Date.now() + HOUR_MS],
  ['hours', () => Date.now() + 8 * HOUR_MS],
  ['always', () => FOR_EVER],
] as const

type All = Readonly<Record<string, ChatNotices>>

/** What is known of chats: at once from what this browser remembers, exact when the service was asked or has told. */
const known = holder<All>(remembered())
const asked = new Map<string, Promise<unknown>>()
let mine: Promise<MyNotices> | undefined

function remembered(): All {
  try {
    return JSON.parse(kept(NAME) ?? '{}') as All
  } catch {
    return {}
  }
}

function learn(chatId: string, { level, mutedUntil }: ChatNotices): void {
  const { [chatId]: _, ...others } = known.get()
  const isUsual = level === undefined && mutedUntil === undefined
  const all = Object.entries(isUsual ? others : { ...others, [chatId]: { level, mutedUntil } }).slice(-REMEMBERED)
  known.set(Object.fromEntries(all))
  keep(NAME, JSON.stringify(known.get()))
}

/** Nothing of this user stays. */
export function forgetNotices(): void {
  asked.clear()
  mine = undefined
  known.set({})
  forget(NAME)
}

const UNSET: ChatNotices = { level: undefined, mutedUntil: undefined }

/** Asks the service once for each chat; later changes are told. */
function ask(client: ChatClient, chatId: string): Promise<unknown> {
  const asking = asked.get(chatId) ?? chatNotices(client, chatId).then((found) => learn(chatId, found))
  asked.set(chatId, asking)
  asking.catch(() => asked.delete(chatId))
  return asking
}

/** Follows what other devices change. */
export function followNotices(client: ChatClient): () => void {
  return client.on('notices', ({ chatId, level, mutedUntil }) => {
    if (chatId === undefined) mine = undefined
    else learn(chatId, { level, mutedUntil })
  })
}

export const isMuted = ({ mutedUntil = 0 }: ChatNotices, now = Date.now()): boolean => mutedUntil > now

/** The chats that are muted, as far as this browser knows. */
export const useMuted = (): ReadonlySet<string> =>
  new Set(Object.entries(useStore(known)).flatMap(([id, notices]) => (isMuted(notices) ? [id] : [])))

export function useChatNotices(chatId: string): ChatNotices {
  const client = useClient()
  useEffect(() => void ask(client, chatId).catch(() => undefined), [client, chatId])
  return useStore(known)[chatId] ?? UNSET
}

export const knownNotices = (chatId: string): ChatNotices => known.get()[chatId] ?? UNSET

/** Changes the settings of a chat, on all devices; a refusal is told. */
export async function changeNotices(client: ChatClient, chatId: string, change: Partial<ChatNotices>): Promise<void> {
  try {
    await ask(client, chatId)
    learn(chatId, await setChatNotices(client, chatId, { ...knownNotices(chatId), ...change }))
  } catch (error) {
    tell(errorText(error), { isFault: true })
  }
}

/** Mutes a chat until somebody turns it on again, or ends that, and says so. */
export async function toggleMuted(client: ChatClient, chatId: string): Promise<void> {
  const isQuiet = isMuted(knownNotices(chatId))
  await changeNotices(client, chatId, { mutedUntil: isQuiet ? undefined : FOR_EVER })
  if (isMuted(knownNotices(chatId)) !== isQuiet) tell(i18next.t(isQuiet ? 'notify.unmuted' : 'notify.muted'))
}

/** Whether this message is told of: as the service decides for devices that are not open. */
export async function wantsNotice(client: ChatClient, item: ChatItem, message: Message): Promise<boolean> {
  mine ??= myNotices(client)
  const [usual] = await Promise.all([mine, ask(client, item.id)]).catch(() => [undefined])
  if (usual === undefined) mine = undefined
  const notices = knownNotices(item.id)
  if (isMuted(notices) || (usual?.quiet && isQuiet(usual.quiet))) return false
  const level: NoticeLevel = notices.level ?? usual?.level ?? 'all'
  if (level !== 'mentions') return level === 'all'
  return item.kind === 'private' || concernsMe(client, item.id, message)
}

async function concernsMe(client: ChatClient, chatId: string, { mentions, replyTo }: Message): Promise<boolean> {
  const me = client.account.me.get()?.id
  if (mentions.some((one) => one.kind === 'all' || one.userId === me)) return true
  if (replyTo === undefined) return false
  const answered = await client
    .chat(chatId)
    .message(replyTo)
    .catch(() => undefined)
  return answered?.sender.id === me
}

function isQuiet({ from, to, zone }: Quiet): boolean {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format()
  return from <= to ? time >= from && time < to : time >= from || time < to
}

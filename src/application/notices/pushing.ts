import type { Count, Duration, Instant, UserId } from '../../domain/ids.ts'
import type { Message } from '../../domain/message.ts'
import { excerpt } from '../../domain/plain-text.ts'
import { length } from '../../domain/words.ts'
import type { NewConsumer } from '../ports/consumers.ts'
import type { PushContent, Quiet, Reached } from '../ports/notices.ts'
import type { Ports } from '../ports/ports.ts'
import type { Outcome, Range, Sink } from '../ports/sink.ts'

const AT_ONCE: Duration = 5_000
const LATER: Duration = 60_000
/** Another session of the user counts as used for so long. */
const IN_USE: Duration = 60_000
/** Devices that are sent to at the same time, at most. */
const DEVICES = 16
/** Code points of a text in a notification, at most. */
const BODY_LENGTH: Count = 500
/** A push service that fails is tried again so often. */
const ATTEMPTS: Count = 4
const CLEARED_AT_ONCE: Count = 200

const settings = { batch: 1, types: ['message.sent'] }
/** Whoever uses no other device is notified soon; the others later, unless they have read by then. */
export const PUSH_CONSUMERS: readonly Omit<NewConsumer, 'id' | 'from'>[] = [
  { kind: 'push', name: 'push soon', settings, lag: AT_ONCE },
  { kind: 'push', name: 'push later', settings, lag: LATER },
]

type Needs = Pick<Ports, 'notices' | 'chats' | 'push' | 'clock'>

export interface Pushing {
  readonly sink: Sink
  /** Has notifications closed whose messages were read elsewhere. To be called every few seconds. */
  clear(): Promise<void>
}

/** Notifies devices of messages that their users have not read. */
export function pushing(needs: Needs): Pushing {
  const { notices, push, clock } = needs
  let isUsed = false

  async function notify(message: Message, reached: Reached): Promise<'sent' | 'failed'> {
    const { device } = reached
    const badge = await badgeOf(needs, device.userId)
    const text = { type: 'message', chatId: message.chatId, seq: message.seq, badge, ...texts[device.content](message, reached) } as const
    const outcome = await push.send(device, text)
    if (outcome === 'gone') await notices.dropDevice(device.userId, device.id)
    if (outcome === 'sent') await notices.showed(device, message.chatId, message.seq)
    return outcome === 'failed' ? 'failed' : 'sent'
  }

  async function deliver({ consumer, events }: Range): Promise<Outcome> {
    isUsed = true
    let failures = 0
    for (const event of events) {
      if (event.type !== 'message.sent' || event.message.deletedAt !== undefined) continue
      const { message } = event
      const now = clock()
      const place = { chatId: message.chatId, seq: message.seq, senderId: message.sender.id }
      const all = await notices.reached(place, { now, usedSince: now - IN_USE })
      const due = all.filter(({ shownSeq, isInUseElsewhere }) => shownSeq < message.seq && (consumer.lag >= LATER || !isInUseElsewhere))
      for (let i = 0; i < due.length; i += DEVICES) {
        const some = due.slice(i, i + DEVICES).map(async (one) => ((await wants(needs, one, message)) ? notify(message, one) : 'sent'))
        failures += (await Promise.all(some)).filter((outcome) => outcome === 'failed').length
      }
    }
    return failures > 0 ? { is: 'again', error: `${failures} devices could not be reached` } : { is: 'done' }
  }

  return {
    sink: {
      givesUp: true,
      async deliver(range, moving) {
        const outcome = await deliver(range).catch((error: unknown): Outcome => ({ is: 'again', error: (error as Error).message }))
        // A push service that is down for longer must not delay the other devices of the chat.
        return outcome.is === 'again' && (moving?.attempt ?? ATTEMPTS) >= ATTEMPTS ? { is: 'done' } : outcome
      },
    },
    async clear() {
      if (!isUsed) return
      for (const { device, chatId, readSeq } of await notices.readSince(CLEARED_AT_ONCE)) {
        const isFirst = await notices.cleared(device, chatId)
        if (isFirst && push.isQuiet(device))
          await push.send(device, { type: 'read', chatId, readSeq, badge: await badgeOf(needs, device.userId) })
      }
    },
  }
}

/** Unread messages of all chats that are not muted, now. */
async function badgeOf({ chats, notices, clock }: Needs, userId: UserId): Promise<Count> {
  const now = clock()
  const [standings, own] = await Promise.all([chats.standings(userId), notices.ofChats(userId)])
  return standings.reduce((sum, { chatId, unread }) => ((own.get(chatId)?.mutedUntil ?? 0) > now ? sum : sum + unread), 0)
}

/** Whether a device shows a message. */
async function wants({ chats, clock }: Needs, { device, chat, user }: Reached, message: Message): Promise<boolean> {
  const now = clock()
  if ((chat.mutedUntil ?? 0) > now || (user.quiet && isQuiet(user.quiet, now))) return false
  const level = device.level ?? chat.level ?? user.level
  if (level !== 'mentions') return level === 'all'
  if (chat.kind === 'private') return true
  if (message.content.mentions.some((mention) => mention.kind === 'all' || mention.userId === device.userId)) return true
  if (message.replyTo === undefined) return false
  const answered = await chats.message(device.userId, message.chatId, message.replyTo)
  return answered?.message?.message.sender.id === device.userId
}

/** Whether a time lies in a part of the day, which may go past midnight. */
export function isQuiet({ from, to, zone }: Quiet, now: Instant): boolean {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now)
  return from <= to ? time >= from && time < to : time >= from || time < to
}

/** What a message says where it stands as words alone: nothing of how it was typed, nor of what a spoiler hides. Without a text, its files by their names. */
function bodyOf({ sender, text = '', content: { format, attachments } }: Message, { chat }: Reached): string {
  const who = chat.kind === 'group' ? `${sender.name ?? ''}: ` : ''
  const most = BODY_LENGTH - length(who)
  const names = () => attachments.map(({ file }) => file.name).join(', ')
  return who + (text === '' ? excerpt(names(), 'text', most) : excerpt(text, format, most))
}

interface Texts {
  readonly title: string | undefined
  readonly body: string | undefined
}
const titleOf = ({ sender }: Message, { chat }: Reached) => chat.name ?? sender.name
/** What a notification says, by how much a device shows. */
const texts: { readonly [C in PushContent]: (message: Message, reached: Reached) => Texts } = {
  full: (message, reached) => ({
    title: titleOf(message, reached),
    body: bodyOf(message, reached),
  }),
  name: (message, reached) => ({ title: titleOf(message, reached), body: undefined }),
  none: () => ({ title: undefined, body: undefined }),
}

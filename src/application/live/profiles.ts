import type { ChatId, Count, UserId } from '../../domain/ids.ts'
import { type BusMessage, chatTopic, userTopic } from '../ports/bus.ts'
import type { Ports } from '../ports/ports.ts'
import type { Devices } from './devices.ts'
import type { Feed } from './feed.ts'
import { PRESENCE_MEMBERS } from './presence.ts'
import type { Reader } from './tracks.ts'

/** Users whose changes are told in one round, at most; the others wait for the next. */
const AT_ONCE: Count = 200
/** Users who wait, at most: those of a bulk change that is larger are not told of. */
const WAITING: Count = 10_000
/** Chats in which the change of one user is told, at most. */
const CHATS: Count = 1_000

type Changed = Extract<BusMessage, { type: 'profile' }>

/**
 * Tells devices that a user is shown otherwise now: the user's own, and those of the members of the user's chats. Best effort. However often it
 * changes, it is told once per round, as the store has it then: of two changes nobody keeps the earlier one.
 */
export interface LiveProfiles {
  /** These users were changed in this process. */
  changed(userIds: readonly UserId[]): void
  /** A user of this chat was changed; without a chat: a user who may have devices here. */
  receive(changed: Changed): void
  /** Tells what has changed since. To be called every second or so. */
  announce(): Promise<void>
}

interface Needs extends Pick<Ports, 'people' | 'chats' | 'bus' | 'clock'> {
  readonly devices: Pick<Devices, 'of'>
  readonly feed: Pick<Feed, 'tracks'>
}

export function liveProfiles({ people, chats, bus, clock, devices, feed: { tracks } }: Needs): LiveProfiles {
  /** Changed in this process. */
  const changed = new Set<UserId>()
  /** Changed anywhere, with the chats in which that is to be told here. */
  const due = new Map<UserId, Set<ChatId | undefined>>()

  /** Who is to hear of it, as of now. */
  function* readersIn(userId: UserId, chatId: ChatId | undefined): Generator<Reader> {
    if (chatId === undefined) yield* devices.of(userId)
    else for (const { reader, isMuted } of tracks.get(chatId)?.seats ?? []) if (!isMuted) yield reader
  }

  function receive({ userId, chatId }: Changed): void {
    if (readersIn(userId, chatId).next().done || (due.size >= WAITING && !due.has(userId))) return
    due.set(userId, (due.get(userId) ?? new Set()).add(chatId))
  }

  async function publish(userId: UserId): Promise<void> {
    const places = await chats.places(userId, clock())
    const small = places.filter(({ memberCount }) => memberCount <= PRESENCE_MEMBERS).slice(0, CHATS)
    const notices = [undefined, ...small.map(({ chatId }) => chatId)].map((chatId): Changed => ({ type: 'profile', userId, chatId }))
    bus.publish(notices.map((notice) => ({ topic: notice.chatId === undefined ? userTopic(userId) : chatTopic(notice.chatId), notice })))
    for (const notice of notices) receive(notice)
  }

  async function tell(userId: UserId, chatIds: ReadonlySet<ChatId | undefined>): Promise<void> {
    const user = await people.get(userId)
    if (!user) return
    const { id, username, name, kind, avatarUrl } = user
    const delivery = { type: 'user', person: { id, username, name, kind, avatarUrl, lastSeenAt: undefined } } as const
    const readers = new Set([...chatIds].flatMap((chatId) => [...readersIn(userId, chatId)]))
    for (const reader of readers) reader.deliver(delivery)
  }

  return {
    changed(userIds) {
      for (const userId of userIds) if (changed.size < WAITING) changed.add(userId)
    },
    receive,
    async announce() {
      for (const userId of [...changed].slice(0, AT_ONCE)) {
        changed.delete(userId)
        await publish(userId)
      }
      for (const [userId, chatIds] of [...due].slice(0, AT_ONCE)) {
        due.delete(userId)
        await tell(userId, chatIds)
      }
    },
  }
}

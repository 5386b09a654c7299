import type { Millis, UserId } from '../domain/ids.ts'
import { chatTopic } from './bus.ts'
import type { Reader, Track } from './feed.ts'
import type { Ports } from './ports.ts'

/** In larger chats nobody is told who is there. */
export const PRESENCE_MEMBERS = 100

interface Presence {
  readonly userId: UserId
  readonly online: boolean
  readonly lastSeenAt: Millis | undefined
}

/** Tells who is there: here to the screens that show a chat of theirs, and to other processes. */
export interface ToldPresence {
  here(tracks: Iterable<Track>, presence: Presence): void
  elsewhere(tracks: readonly Track[], presence: Presence): void
  /** What another process says of one chat, now and then again: being there is told once. */
  heard(track: Track, presence: Presence): void
}

export function toldPresence({ bus }: Pick<Ports, 'bus'>, node: string): ToldPresence {
  const known = new WeakMap<Track, Set<UserId>>()

  return {
    here,
    heard(track, presence) {
      const online = known.get(track) ?? new Set<UserId>()
      known.set(track, online)
      if (presence.online && online.has(presence.userId)) return
      if (presence.online) online.add(presence.userId)
      else online.delete(presence.userId)
      here([track], presence)
    },
    elsewhere(tracks, presence) {
      const small = tracks.filter((track) => track.memberCount <= PRESENCE_MEMBERS)
      bus.publish(small.map(({ chatId }) => ({ topic: chatTopic(chatId), notice: { type: 'presence', chatId, node, ...presence } })))
    },
  }

  function here(tracks: Iterable<Track>, { userId, online, lastSeenAt }: Presence): void {
    const told = new Set<Reader>()
    for (const track of tracks) {
      if (track.memberCount > PRESENCE_MEMBERS) continue
      for (const { reader, isOnScreen, isMuted } of track.seats) if (isOnScreen && !isMuted && reader.userId !== userId) told.add(reader)
    }
    for (const reader of told) reader.deliver({ type: 'presence', userId, online, lastSeenAt })
  }
}

import { type ChatNotices, FOLLOWS_ALL, type Notices, type PushDevice, type Reached } from '../../application/ports/notices.ts'
import type { ChatId, SessionId, UserId } from '../../domain/ids.ts'
import type { KeptDevice } from './kept.ts'
import { compareText } from './page.ts'
import { areApart, chatOf, type MemoryStore, membersOf, readSeq } from './store.ts'

const NOTHING: ChatNotices = { level: undefined, mutedUntil: undefined }
const keyOf = (...parts: readonly string[]): string => parts.join(' ')

export function memoryNotices(store: MemoryStore): Notices {
  const { ofChats, ofUsers, devices, shown } = store.notices
  const sessionsOf = (userId: UserId) =>
    [...store.sessions.values()].filter((session) => session.userId === userId && session.endedAt === undefined)
  const isSessionLive = (id: SessionId, now: number) => {
    const session = store.sessions.get(id)
    return session ? session.endedAt === undefined && session.expiresAt > now : store.external.get(id)?.endedAt === undefined
  }
  const isLive = ({ device: { userId, sessionId }, keptAt }: KeptDevice, now: number) => {
    const { user, tokensAfter = -1, deletion } = store.people.get(userId)!
    return !deletion && user.disabledAt === undefined && keptAt > tokensAfter && isSessionLive(sessionId, now)
  }
  return {
    async ofChat(userId, chatId) {
      return chatOf(store, userId, chatId) && (ofChats.get(keyOf(userId, chatId)) ?? NOTHING)
    },
    async setOfChat(userId, chatId, notices) {
      if (!chatOf(store, userId, chatId)) return false
      ofChats.set(keyOf(userId, chatId), notices)
      return true
    },
    async ofUser(userId) {
      return ofUsers.get(userId) ?? FOLLOWS_ALL
    },
    async setOfUser(userId, notices) {
      ofUsers.set(userId, notices)
    },
    async digested(after, limit) {
      const all = [...ofUsers].filter(([id, { digest }]) => digest && (after === undefined || id > after)).map(([id]) => id)
      const mayHave = (id: UserId) => {
        const { user, deletion } = store.people.get(id) ?? {}
        return user?.email !== undefined && user.disabledAt === undefined && !deletion
      }
      return all.filter(mayHave).sort(compareText).slice(0, limit)
    },
    async ofChats(userId) {
      const mine = [...ofChats].filter(([key]) => key.startsWith(keyOf(userId, '')))
      return new Map(mine.map(([key, notices]) => [key.split(' ')[1] as ChatId, notices]))
    },
    async keepDevice(device, keptAt) {
      const key = keyOf(device.userId, device.id)
      forgetDevices(store, (other) => other.endpoint === device.endpoint && keyOf(other.userId, other.id) !== key)
      devices.set(key, { device, keptAt })
    },
    async dropDevice(userId, id) {
      forgetDevices(store, (device) => device.userId === userId && device.id === id)
    },
    async reached({ chatId, seq, senderId }, { now, usedSince }) {
      const record = store.chats.get(chatId)
      const members = record ? membersOf(record).map(({ person }) => person.id) : []
      const behind = members.filter((id) => id !== senderId && readSeq(record!, id) < seq && !areApart(store, id, senderId))
      return behind.flatMap((userId) =>
        [...devices.values()]
          .filter((kept) => kept.device.userId === userId && isLive(kept, now))
          .map(
            ({ device }): Reached => ({
              device,
              chat: { ...(ofChats.get(keyOf(userId, chatId)) ?? NOTHING), kind: record!.state.chat.kind, name: record!.state.chat.name },
              user: ofUsers.get(userId) ?? FOLLOWS_ALL,
              shownSeq: shown.get(keyOf(userId, device.id, chatId))?.seq ?? 0,
              isInUseElsewhere: sessionsOf(userId).some(({ id, lastUsedAt }) => id !== device.sessionId && lastUsedAt >= usedSince),
            }),
          ),
      )
    },
    ...memoryShown(store),
  }
}

/** Drops devices with what they were shown. */
export function forgetDevices({ notices: { devices, shown } }: MemoryStore, isMeant: (device: PushDevice) => boolean): void {
  for (const [key, { device }] of devices) if (isMeant(device)) devices.delete(key)
  for (const [key, { device }] of shown) if (isMeant(device)) shown.delete(key)
}

function memoryShown(store: MemoryStore): Pick<Notices, 'showed' | 'readSince' | 'cleared'> {
  const { devices, shown } = store.notices
  return {
    async showed({ userId, id }, chatId, seq) {
      const device = devices.get(keyOf(userId, id))?.device
      const key = keyOf(userId, id, chatId)
      if (device && (shown.get(key)?.seq ?? 0) < seq) shown.set(key, { device, chatId, seq, isCleared: false })
    },
    async readSince(limit) {
      return [...shown.values()]
        .filter(({ isCleared, device, chatId, seq }) => {
          const record = chatOf(store, device.userId, chatId)
          return !isCleared && record && readSeq(record, device.userId) >= seq
        })
        .slice(0, limit)
        .map(({ device, chatId }) => ({ device, chatId, readSeq: readSeq(store.chats.get(chatId)!, device.userId) }))
    },
    async cleared({ userId, id }, chatId) {
      const key = keyOf(userId, id, chatId)
      const known = shown.get(key)
      if (!known || known.isCleared) return false
      shown.set(key, { ...known, isCleared: true })
      return true
    },
  }
}

import type { ExportedRow, Exports } from '../../application/ports/exports.ts'
import type { UserId } from '../../domain/ids.ts'
import { chatsOf, type MemoryStore } from './store.ts'

/** The rows are objects of the application, under the names that tables have. */
export const memoryExports = (store: MemoryStore): Exports => ({
  async *person(userId) {
    for (const [about, rows] of Object.entries(partsOf(store, userId)))
      for (const row of rows) yield { about, row: row as ExportedRow['row'] }
  },
})

function partsOf(store: MemoryStore, userId: UserId): Readonly<Record<string, readonly object[]>> {
  const { people, sessions, files, reports, blocks, accounts, notices, keys } = store
  const own = <T extends { readonly userId?: UserId | undefined }>(all: Iterable<T>) => [...all].filter((one) => one.userId === userId)
  const record = people.get(userId)
  const sent = [...store.chats.values()].flatMap((chat) => chat.sent)
  return {
    users: record ? [{ ...record.user, privacy: store.privacy.get(userId) }] : [],
    sessions: own(sessions.values()).map((one) => ({ ...one, spentAt: undefined })),
    factors: own(accounts.factors.values()).map(({ id, kind, name, createdAt, lastUsedAt }) => ({ id, kind, name, createdAt, lastUsedAt })),
    keys: [...keys.values()].filter(({ botId }) => botId === userId).map((one) => ({ ...one, hash: undefined })),
    members: chatsOf(store, userId).map(({ state }) => ({ ...state.members.get(userId)!, chatId: state.chat.id })),
    messages: sent
      .filter(({ sender, deletedAt }) => sender.id === userId && deletedAt === undefined)
      .map((one) => ({ ...one, bodyHash: undefined })),
    files: [...files.values()].filter(({ ownerId }) => ownerId === userId),
    push_devices: own([...notices.devices.values()].map(({ device }) => device)).map((one) => ({ ...one, keys: undefined })),
    blocks: [...(blocks.get(userId) ?? [])].map(([blockedId, at]) => ({ blockedId, at })),
    reports: [...reports.values()]
      .filter(({ reporterId }) => reporterId === userId)
      .map((one) => ({ ...one, text: undefined, authorId: undefined })),
    audit: own(accounts.deeds).map((one) => ({ ...one, actorId: undefined, keyId: undefined })),
  }
}

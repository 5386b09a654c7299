import { type BlockPosition, type Consents, SHUNNED } from '../../application/ports/consents.ts'
import { unsay } from '../../domain/ban.ts'
import { BLOCKS_LIMIT, type Consent, OPEN } from '../../domain/consent.ts'
import { BLOCKED } from '../../domain/guard.ts'
import { pairKey, type UserId } from '../../domain/ids.ts'
import { compareText, pageOf } from './page.ts'
import { areApart, areKnown, type MemoryStore, seenBy } from './store.ts'

export function memoryConsents(store: MemoryStore): Consents {
  const { blocks, privacy } = store
  function guard(one: UserId, other: UserId): void {
    const record = store.chats.get(store.chatByKey.get(pairKey(one, other))!)
    if (!record) return
    const { chat } = record.state
    record.state.chat = { ...chat, guard: areApart(store, one, other) ? chat.guard | BLOCKED : chat.guard & ~BLOCKED }
  }
  return {
    async block(userId, blockedId, at) {
      const mine = blocks.get(userId) ?? new Map()
      if (!mine.has(blockedId) && mine.size >= BLOCKS_LIMIT) return 'full'
      if (!mine.has(blockedId)) blocks.set(userId, mine.set(blockedId, at))
      guard(userId, blockedId)
      return 'blocked'
    },
    async unblock(userId, blockedId) {
      blocks.get(userId)?.delete(blockedId)
      guard(userId, blockedId)
    },
    async blocked(userId, window) {
      const all = [...(blocks.get(userId) ?? [])].map(([id, at]) => ({ id, at })).filter(({ id }) => !store.people.get(id)?.deletion)
      const page = pageOf(all.sort(newestFirst), window, { position: (one) => one, compare: newestFirst })
      return { ...page, items: page.items.map(({ id }) => seenBy(store, userId, id)) }
    },
    async privacyOf(userId) {
      return privacy.get(userId) ?? OPEN
    },
    async setPrivacy(userId, wanted) {
      if (!store.people.get(userId)?.deletion) privacy.set(userId, wanted)
    },
    async circles(userIds) {
      const blockersOf = (userId: UserId) => [...blocks].flatMap(([id, theirs]) => (theirs.has(userId) ? [id] : [])).slice(0, SHUNNED)
      return new Map(
        userIds.map((userId) => {
          const blockedBy = blockersOf(userId)
          const isHidden = privacy.get(userId)?.lastSeen === 'nobody' || blockedBy.length === SHUNNED
          return [userId, { blocked: [...(blocks.get(userId)?.keys() ?? [])], blockedBy, isHidden }]
        }),
      )
    },
    async stayOut(userId, chatId, since) {
      const outsiders = store.chats.get(chatId)?.state.outsiders
      if (since === undefined) outsiders?.delete(userId)
      else outsiders?.set(userId, true)
    },
    areKnown: async (one, other) => areKnown(store, one, other),
  }
}

const newestFirst = (a: BlockPosition, b: BlockPosition) => b.at - a.at || compareText(b.id, a.id)

/** What a user accepts of another one. */
export const consentIn = (store: MemoryStore, userId: UserId, ofId: UserId): Consent => ({
  privacy: store.privacy.get(userId) ?? OPEN,
  isKnown: areKnown(store, userId, ofId),
  isBlocked: areApart(store, userId, ofId),
})

/** Deletes what is kept of a user who is deleted. */
export function forgetConsents({ blocks, privacy, reports, chats }: MemoryStore, userId: UserId): void {
  for (const { state } of chats.values()) {
    state.outsiders.delete(userId)
    unsay(state.bans, userId)
  }
  for (const report of reports.values()) if (report.reporterId === userId) reports.set(report.id, { ...report, comment: undefined })
  blocks.delete(userId)
  privacy.delete(userId)
  for (const theirs of blocks.values()) theirs.delete(userId)
}

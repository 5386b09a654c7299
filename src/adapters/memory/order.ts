import type { BanPosition, Bans, BanView } from '../../application/ports/bans.ts'
import type { Invitations } from '../../application/ports/invitations.ts'
import { isInForce } from '../../domain/ban.ts'
import { compareText, pageOf } from './page.ts'
import { type MemoryStore, named } from './store.ts'

export const memoryBans = (store: MemoryStore): Bans => ({
  async list(chatId, now, window) {
    const all = [...(store.chats.get(chatId)?.state.bans ?? [])]
    const bans = all.flatMap(([id, ban]): BanView[] =>
      ban && isInForce(ban, now) && !store.people.get(id)?.deletion ? [{ ...ban, person: named(store, id) }] : [],
    )
    return pageOf(
      bans.sort((a, b) => newestFirst(position(a), position(b))),
      window,
      { position, compare: newestFirst },
    )
  },
})
const position = ({ at, person }: BanView): BanPosition => ({ at, userId: person.id })
const newestFirst = (a: BanPosition, b: BanPosition): number => b.at - a.at || compareText(b.userId, a.userId)

/** Each stands in the state of its chat, where decisions see it. */
export function memoryInvitations({ chats, people }: MemoryStore): Invitations {
  const of = (chatId: Parameters<Invitations['list']>[0], now: number) =>
    [...(chats.get(chatId)?.state.invitations.values() ?? [])].filter(
      (one) => one !== null && one.expiresAt > now && !people.get(one.createdBy)?.deletion,
    ) as Awaited<ReturnType<Invitations['list']>>
  return {
    async add(invitation, { limit, now }) {
      const { chatId, id } = invitation
      const state = chats.get(chatId)?.state
      const good = of(chatId, now)
      if (!state || good.length >= limit) return false
      for (const one of state.invitations.values()) if (one && !good.includes(one)) state.invitations.delete(one.id)
      state.invitations.set(id, invitation)
      return true
    },
    async find(hash) {
      for (const { state } of chats.values())
        for (const one of state.invitations.values()) if (one?.hash === hash && !people.get(one.createdBy)?.deletion) return one
      return undefined
    },
    list: async (chatId, now) => of(chatId, now),
    remove: async (chatId, id) => chats.get(chatId)?.state.invitations.delete(id) ?? false,
  }
}

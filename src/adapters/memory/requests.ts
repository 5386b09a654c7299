import type { RequestPosition, Requests, RequestView } from '../../application/ports/requests.ts'
import { compareText, pageOf } from './page.ts'
import { type MemoryStore, named } from './store.ts'

const position = ({ at, person }: RequestView): RequestPosition => ({ at, userId: person.id })
const oldestFirst = (a: RequestPosition, b: RequestPosition): number => a.at - b.at || compareText(a.userId, b.userId)

/** Each stands in the state of its chat, where decisions see it. */
export function memoryRequests(store: MemoryStore): Requests {
  const of = (chatId: Parameters<Requests['list']>[0]): readonly RequestView[] =>
    [...(store.chats.get(chatId)?.state.requests ?? [])].flatMap(([id, request]) =>
      request && !store.people.get(id)?.deletion ? [{ ...request, person: named(store, id) }] : [],
    )
  return {
    async add({ chatId, userId, at, invitationId }, limit) {
      const state = store.chats.get(chatId)?.state
      if (!state || state.members.get(userId)) return false
      const all = of(chatId)
      if (all.some(({ person }) => person.id === userId)) return true
      if (all.length >= limit) return false
      state.requests.set(userId, { at, invitationId })
      return true
    },
    async list(chatId, window) {
      const requests = [...of(chatId)].sort((a, b) => oldestFirst(position(a), position(b)))
      return pageOf(requests, window, { position, compare: oldestFirst })
    },
    async remove(chatId, userId) {
      const requests = store.chats.get(chatId)?.state.requests
      const isThere = Boolean(requests?.get(userId))
      if (isThere) requests!.set(userId, null)
      return isThere
    },
  }
}

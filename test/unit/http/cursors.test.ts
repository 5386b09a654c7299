import { describe, expect, it } from 'vitest'
import { admin } from '../../../src/adapters/http/handlers/admin.ts'
import { chats } from '../../../src/adapters/http/handlers/chats.ts'
import { consent } from '../../../src/adapters/http/handlers/consent.ts'
import { files } from '../../../src/adapters/http/handlers/files.ts'
import { groups } from '../../../src/adapters/http/handlers/groups.ts'
import { hooks } from '../../../src/adapters/http/handlers/hooks.ts'
import { messages } from '../../../src/adapters/http/handlers/messages.ts'
import { notices } from '../../../src/adapters/http/handlers/notices.ts'
import type { ChatApi } from '../../../src/application/chat-api.ts'

const [ONE, OTHER] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
const byTime = { at: 5, id: ONE }
const byUser = { at: 5, userId: ONE }

type Handle = (api: ChatApi, request: never) => Promise<{ readonly body: { readonly next: string | null } }>
type Made = (api: ChatApi) => Readonly<Record<string, unknown>>
const of = (make: Made, name: string): Handle => {
  const caller = { userId: ONE } as never
  return (api, request) => (make(api)[name] as (who: never, request: never) => ReturnType<Handle>)(caller, request)
}

interface Listed {
  readonly make: Made
  /** Where its page ends. */
  readonly next: object
  readonly params?: readonly string[]
  readonly query?: Readonly<Record<string, unknown>>
}
const inChat = ['chat_id']
/** Each list, with all that chooses what is in it. */
const lists: Readonly<Record<string, Listed>> = {
  findAccounts: { make: admin, next: { name: 'a', id: ONE }, query: { query: 'a', state: 'active' } },
  listDeeds: { make: admin, next: byTime, query: { user_id: ONE, chat_id: ONE } },
  listReports: { make: consent, next: byTime, query: { state: 'open' } },
  listChats: { make: chats, next: byTime, query: { query: 'a', kind: 'group', archived: true } },
  listMembers: { make: chats, next: { joinedSeq: 1, userId: ONE }, params: inChat },
  listBans: { make: (api) => groups(api, undefined), next: byUser, params: inChat },
  listInvitations: { make: (api) => groups(api, undefined), next: byTime, params: inChat },
  listRequests: { make: (api) => groups(api, undefined), next: byUser, params: inChat },
  listInlets: { make: (api) => notices(api, undefined), next: byTime, params: inChat },
  listDeadRanges: { make: hooks, next: { chatId: ONE, from: 1 }, params: ['hook_id'] },
  listFiles: { make: (api) => files(api, undefined), next: { seq: 1, place: 0 }, params: inChat, query: { kind: 'image' } },
  searchMessages: { make: (api) => messages(api, undefined), next: byTime, query: { query: 'tea', chat_id: ONE, sender_id: ONE } },
  listMentions: { make: (api) => messages(api, undefined), next: { at: 5, chatId: ONE, seq: 1 }, query: { unread: true } },
}
const otherThan = (value: unknown) => (value === ONE ? OTHER : value === true ? undefined : `${String(value)} otherwise`)

describe.each(Object.entries(lists))('a cursor of %s', (name, { make, next, params = [], query = {} }) => {
  const asked: object[] = []
  const answered = async (...given: readonly unknown[]) => {
    asked.push(given.at(-1) as object)
    return { items: [], next }
  }
  const api = new Proxy({}, { get: () => answered }) as ChatApi
  const first = { params: Object.fromEntries(params.map((param) => [param, ONE])), query: { limit: 5, count: false, ...query } }
  const handle = of(make, name)
  const ask = (cursor: string | null, change: { readonly params?: object; readonly query?: object } = {}) => {
    const request = { params: { ...first.params, ...change.params }, query: { ...first.query, cursor, ...change.query } }
    return handle(api, request as never)
  }

  it('leads on in the same list with the same filters', async () => {
    const { body } = await handle(api, first as never)
    expect(body.next).not.toBeNull()
    await ask(body.next)
    expect(asked.at(-1)).toMatchObject({ from: next, limit: 5 })
  })

  const changes = [
    ...params.map((param) => [param, { params: { [param]: OTHER } }] as const),
    ...Object.entries(query).map(([key, value]) => [key, { query: { [key]: otherThan(value) } }] as const),
  ]
  it.each(changes)('is refused with another %s', async (_, change) => {
    const { body } = await handle(api, first as never)
    await expect(ask(body.next, change)).rejects.toMatchObject({ code: 'invalid' })
  })
})

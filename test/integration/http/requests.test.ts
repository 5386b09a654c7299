import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { PageOf } from '../../../src/adapters/wire/schemas/common.ts'
import type { EventPage } from '../../../src/adapters/wire/schemas/events.ts'
import type { Asked, Invitation, JoinRequest } from '../../../src/adapters/wire/schemas/groups.ts'
import type { Problem } from '../../../src/adapters/wire/schemas/service.ts'
import { refuse } from '../../../src/domain/refusal.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

let server: HttpServed
let owner: SignedInClient
let member: SignedInClient
let stranger: SignedInClient
let chat: string
let code: string
let unwanted = ''
beforeAll(async () => {
  const beforeJoin = ({ userIds }: { readonly userIds: readonly string[] }) => {
    if (userIds.includes(unwanted)) refuse('unwanted')
  }
  server = await serveHttp({}, {}, { interceptors: { beforeJoin } })
})
beforeEach(async () => {
  ;[owner, member, stranger] = (await Promise.all(['Owner', 'Member', 'Stranger'].map((name) => server.register(name)))) as [
    SignedInClient,
    SignedInClient,
    SignedInClient,
  ]
  chat = (await owner.call<Chat>('post', '/chats', { kind: 'group', name: 'Friends', member_ids: [member.id] })).body.id
  const made = await owner.call<Invitation & { code: string }>('post', `/chats/${chat}/invitations`, { approval: true })
  code = made.body.code
})
afterAll(() => server.close())

const ask = (who: SignedInClient, by = code) => who.call<Asked & Problem>('post', '/chats/requests', { code: by })
const list = async (who = owner) => (await who.call<PageOf<JoinRequest>>('get', `/chats/${chat}/requests`)).body.items
const decide = (method: 'put' | 'delete', who: SignedInClient, id: string) => who.call<Problem>(method, `/chats/${chat}/requests/${id}`)

describe('a request to join', () => {
  it('is made by an invitation that needs approval, which lets nobody in by itself', async () => {
    const { status, body } = await stranger.call<Problem>('post', '/chats/join', { code })
    expect([status, body.code]).toEqual([403, 'must-ask'])
    for (let i = 0; i < 2; i++) expect((await ask(stranger)).body).toEqual({ chat_id: chat, name: 'Friends', is_member: false })
    expect((await ask(member)).body.is_member).toBe(true)
    expect((await ask(stranger, 'nonsense')).body.code).toBe('invitation-not-found')
    expect(await list()).toMatchObject([{ user: { id: stranger.id } }])
    const counted = await owner.call<PageOf<JoinRequest>>('get', `/chats/${chat}/requests?limit=1&count=true`)
    expect(counted.body.total).toBe(1)
    expect((await stranger.call('get', `/chats/${chat}`)).status).toBe(404)
    const { items } = (await owner.call<PageOf<Invitation>>('get', `/chats/${chat}/invitations`)).body
    expect(items).toMatchObject([{ approval: true, used: 0 }])
  })

  it('is accepted by staff alone, and makes a member, who comes back after having left for good', async () => {
    await ask(stranger)
    expect((await decide('put', member, stranger.id)).body.code).toBe('not-allowed')
    expect((await decide('put', stranger, stranger.id)).body.code).toBe('chat-not-found')
    for (let i = 0; i < 2; i++) expect((await decide('put', owner, stranger.id)).status).toBe(204)
    const told = (await owner.call<EventPage>('get', `/chats/${chat}/events?after=1`)).body.items
    expect(told).toMatchObject([{ type: 'member.added', actor_id: owner.id, user: { id: stranger.id }, role: 'member' }])
    expect(await list()).toEqual([])
    await stranger.call('delete', `/chats/${chat}/members/me?stay_out=true`)
    await ask(stranger)
    expect((await decide('put', owner, stranger.id)).status).toBe(204)
    expect((await stranger.call('get', `/chats/${chat}`)).status).toBe(200)
  })

  it('is declined, taken back, or worth nothing once its user is banned', async () => {
    await ask(stranger)
    expect((await decide('delete', member, stranger.id)).body.code).toBe('not-allowed')
    for (let i = 0; i < 2; i++) expect((await decide('delete', owner, stranger.id)).status).toBe(204)
    expect((await decide('put', owner, stranger.id)).body).toMatchObject({ status: 404, code: 'request-not-found' })
    await ask(stranger)
    expect((await decide('delete', stranger, 'me')).status).toBe(204)
    expect(await list()).toEqual([])
    await ask(stranger)
    await owner.call('put', `/chats/${chat}/bans/${stranger.id}`, {})
    expect(await list()).toEqual([])
    expect((await ask(stranger)).body.code).toBe('banned')
  })

  it('ends with the invitation’s goodness for those who come later, and is refused by code of the host', async () => {
    await ask(stranger)
    const { items } = (await owner.call<PageOf<Invitation>>('get', `/chats/${chat}/invitations`)).body
    await owner.call('delete', `/chats/${chat}/invitations/${items[0]!.id}`)
    const late = await server.register('Late')
    expect((await ask(late)).body.code).toBe('invitation-not-found')
    expect((await decide('put', owner, stranger.id)).status).toBe(204)
    const again = await owner.call<{ code: string }>('post', `/chats/${chat}/invitations`, { approval: true })
    unwanted = late.id
    expect((await ask(late, again.body.code)).body).toMatchObject({ code: 'refused', reason: 'unwanted' })
    expect(await list()).toEqual([])
  })

  it('is listed for staff alone', async () => {
    await ask(stranger)
    expect((await member.call<Problem>('get', `/chats/${chat}/requests`)).body.code).toBe('not-allowed')
    expect((await stranger.call<Problem>('get', `/chats/${chat}/requests`)).body.code).toBe('chat-not-found')
  })
})

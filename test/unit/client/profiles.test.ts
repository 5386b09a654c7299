import { describe, expect, it } from 'vitest'
import type { ChatClient, ClientEvents } from '../../../src/client/index.ts'
import { absence } from '../../../src/client/sync/absence.ts'
import { answered, clientOf, given, online } from './given.ts'

const QUICK = 60_000
const LONG = 600_000

/** Ann looks at her chat and a group with Bob, and has heard from him in both; Bob has a client that renames him. */
async function scene() {
  const { server, ann, bob, chatId, clock } = await given()
  const cid = server.addPerson('Cid')
  const group = await ann.group('Club', [bob.id, cid.id])
  await bob.send(chatId, 'early')
  // Ann never opens this one.
  const quiet = await ann.group('Quiet', [bob.id])
  await bob.send(quiet, 'hush')
  const { client: his } = clientOf(server, bob)
  const device = server.device()
  const calls: string[] = []
  const { client } = clientOf(server, ann, { device, fetch: (...of) => (calls.push(JSON.stringify(of[0])), device.platform.fetch(...of)) })
  await Promise.all([online(server, client), online(server, his)])
  const chats = [client.chat(chatId), client.chat(group)] as const
  for (const chat of chats) chat.open()
  await answered(clock, chats[1].loadMembers())
  await clock.until(() => chats.every((chat) => chat.timeline.get().status === 'ready'))
  his.chat(group).forward({ chatId, messageId: chats[0].timeline.get().rows[0]!.id! })
  await clock.until(() => chats[1].timeline.get().rows.length === 1)
  const rename = (name: string) => answered(clock, his.account.update({ name, username: name.toLowerCase() }))
  return { server, ann, bob, cid, clock, client, device, calls, his, chats, chatId, group, rename }
}

/** Every name by which a client shows Bob. */
function shownNames(client: ChatClient, [chat, group]: Awaited<ReturnType<typeof scene>>['chats'], bobId: string) {
  const item = client.chats.get().items.find(({ id }) => id === chat.id)
  const [row] = group.timeline.get().rows
  return {
    partner: item?.partner?.name,
    unopened: client.chats.get().items.find(({ name }) => name === 'Quiet')?.lastRow?.sender.name,
    last: item?.lastMessage?.sender.name,
    lastRow: item?.lastRow?.sender.name,
    member: group.members.get().items.find(({ person }) => person.id === bobId)?.person.name,
    sender: chat.timeline.get().rows[0]?.sender.name,
    username: chat.timeline.get().rows[0]?.sender.username,
    forwarded: row?.forwardedFrom?.sender.name,
  }
}
const everywhere = (name: string) => ({
  partner: name,
  unopened: name,
  last: name,
  lastRow: name,
  member: name,
  sender: name,
  username: name.toLowerCase(),
  forwarded: name,
})

describe('a user who is renamed', () => {
  it('has the new name wherever the client shows the user, without any call', async () => {
    const { client, chats, bob, clock, rename, calls } = await scene()
    expect(shownNames(client, chats, bob.id)).toEqual(everywhere('Bob'))
    const told: ClientEvents['profile'][] = []
    client.on('profile', (one) => told.push(one))
    calls.length = 0
    await rename('Robert')
    await clock.advance(3_000)
    expect(shownNames(client, chats, bob.id)).toEqual(everywhere('Robert'))
    expect(told).toMatchObject([{ person: { id: bob.id, name: 'Robert', username: 'robert' } }])
    expect([calls, Object.keys(told[0]!.person)]).toEqual([[], expect.not.arrayContaining(['lastSeenAt'])])
  })

  it('keeps what else is known of the user', async () => {
    const { client, chats, clock, rename } = await scene()
    const partner = () => chats[0].item.get()!.partner!
    const { lastSeenAt, kind } = partner()
    await rename('Robert')
    await clock.advance(3_000)
    expect(partner()).toMatchObject({ name: 'Robert', kind, lastSeenAt })
    expect(client.chats.get().items.find(({ kind: of }) => of === 'group')).toMatchObject({ name: 'Club' })
  })

  it('who is deleted stays without a name, whatever comes late', async () => {
    const { server, client, chats, bob, ann, clock } = await scene()
    await bob.deleteAccount()
    await clock.until(() => chats[0].timeline.get().rows[0]?.sender.name === undefined)
    const user = { id: bob.id, username: 'bob', name: 'Bob', kind: 'person', avatar_url: null, avatar: null, last_seen_at: null } as const
    server.say({ type: 'user', user }, ann.id)
    await clock.advance(100)
    expect(Object.values(shownNames(client, chats, bob.id)).filter((name) => name !== undefined)).toEqual([])
  })

  it('leaves the rows of others as they are', async () => {
    const { chats, chatId, ann, clock, rename } = await scene()
    await ann.send(chatId, 'late')
    await clock.until(() => chats[0].timeline.get().rows.length === 2)
    const [his, hers] = chats[0].timeline.get().rows
    await rename('Robert')
    await clock.advance(3_000)
    const now = chats[0].timeline.get().rows
    expect([now[0] === his, now[1] === hers]).toEqual([false, true])
  })

  it('is renamed on the user’s other devices', async () => {
    const { server, bob, clock, rename } = await scene()
    const { client: other } = clientOf(server, bob)
    await online(server, other)
    await clock.until(() => other.account.me.get() !== undefined)
    await rename('Robert')
    await clock.until(() => other.account.me.get()!.name === 'Robert')
    expect(other.account.me.get()).toMatchObject({ id: bob.id, username: 'robert', isAdmin: false })
  })
})

describe('a client that has heard nothing while a user was renamed', () => {
  /** Without a network for so long; returns for how many lists of chats it asks then. */
  async function away({ device, calls, clock, rename, client, server }: Awaited<ReturnType<typeof scene>>, ms: number): Promise<number> {
    calls.length = 0
    device.setOnline(false)
    await rename('Robert')
    await clock.advance(ms)
    device.setOnline(true)
    await online(server, client)
    await clock.advance(5_000)
    return calls.filter((url) => url.includes('/chats?')).length
  }

  it('reads names again after a long time, also of members who are no partner', async () => {
    const at = await scene()
    const { client: others } = clientOf(at.server, at.cid)
    await answered(at.clock, others.account.update({ name: 'Cidney' }))
    others.close()
    expect(await away(at, LONG)).toBe(1)
    expect(at.chats[1].members.get().items.map(({ person }) => person.name)).toEqual(['Ann', 'Robert', 'Cidney'])
    expect(shownNames(at.client, at.chats, at.bob.id)).toEqual(everywhere('Robert'))
  })

  it('shows them with the next message after a short time, and asks for nothing', async () => {
    const at = await scene()
    expect(await away(at, QUICK)).toBe(0)
    expect(shownNames(at.client, at.chats, at.bob.id)).toEqual(everywhere('Bob'))
    await at.bob.send(at.chatId, 'hello')
    const named = { partner: 'Robert', member: 'Robert' }
    await at.clock.until(() => at.chats[0].item.get()?.partner?.name === 'Robert')
    expect(shownNames(at.client, at.chats, at.bob.id)).toMatchObject(named)
  })

  it('counts the time in which its device slept', () => {
    let now = 0
    const away = absence(() => now)
    const after = (ms: number) => {
      away.heard()
      now += ms
      away.resumes()
      return away.isOver()
    }
    expect([after(QUICK), after(LONG), away.isOver(), after(QUICK)]).toEqual([false, true, false, false])
    now += LONG
    away.resumes()
    away.heard()
    away.resumes()
    expect(away.isOver()).toBe(true)
  })
})

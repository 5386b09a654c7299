import { describe, expect, it } from 'vitest'
import { argon2Passwords } from '../../../src/adapters/auth/argon2-passwords.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import { type Opened, openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { DEMO_PASSWORD, seed, type Wanted } from '../../../src/main/seed.ts'

async function scene(databaseUrl: string) {
  const config = { ...defaultConfig(), databaseUrl, rateLimits: false }
  const app = await openApplication({ config, log: silent(), ports: { passwords: argon2Passwords({ memoryCost: 1_024, timeCost: 2 }) } })
  const plant = (wanted?: Wanted) => seed({ ...app.ports, api: app.api }, wanted)
  return { app, plant, [Symbol.asyncDispose]: app.close }
}

const signIn = ({ api }: Opened, login: string) =>
  api.login({ address: '127.0.0.1' }, { login, password: DEMO_PASSWORD }).then(({ user, sessionId }) => ({ userId: user.id, sessionId }))

async function everything(app: Opened) {
  const chats = new Map<string, { kind: string; messages: readonly (string | undefined)[] }>()
  for (let n = 1; n <= 5; n++) {
    const me = await signIn(app, `user${n}`)
    const { items } = await app.api.listChats(me, {}, { limit: 100 })
    for (const { chat } of items) {
      const { items: messages } = await app.api.listMessages(me, { chatId: chat.id, window: { kind: 'newest' }, limit: 100 })
      chats.set(chat.id, { kind: chat.kind, messages: messages.map(({ message }) => message.text) })
    }
  }
  return chats
}

describe.each(['memory:', 'sqlite::memory:'])('demo data in %s', (databaseUrl) => {
  it('is five people, four private chats of neighbours and one group of all, messages in each; twice does no harm', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    await plant()
    const first = await everything(app)
    const kinds = [...first.values()].map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'private')).toHaveLength(4)
    expect(kinds.filter((kind) => kind === 'group')).toHaveLength(1)
    for (const { messages } of first.values()) expect(messages.length).toBeGreaterThan(3)
    await plant()
    expect(await everything(app)).toEqual(first)
  })

  it('leaves nothing unread to whoever spoke last', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    await plant()
    const answered: number[] = []
    const waiting: number[] = []
    for (let n = 1; n <= 5; n++) {
      const me = await signIn(app, `user${n}`)
      for (const { lastMessage, unread } of (await app.api.listChats(me, {}, { limit: 100 })).items)
        (lastMessage?.message.sender.id === me.userId ? answered : waiting).push(unread)
    }
    expect(Math.max(...answered)).toBe(0)
    expect(Math.max(...waiting)).toBeGreaterThan(0)
  })

  it('is lively: replies, mentions, reactions, pins, forwards, pictures, marks of formatting, and different read states', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    const wanted = { users: 12, chats: 12, messages: 900 }
    const look = async () => {
      const found = { replies: 0, mentions: 0, reactions: 0, forwards: 0, pictures: 0, marked: 0, pins: 0 }
      const unread = new Set<number>()
      for (let n = 1; n <= 12; n++) {
        const me = await signIn(app, `user${n}`)
        for (const { chat, unread: count } of (await app.api.listChats(me, {}, { limit: 100 })).items) {
          unread.add(count)
          found.pins += (await app.api.listPins(me, chat.id)).pins.length
          const { items } = await app.api.listMessages(me, { chatId: chat.id, window: { kind: 'newest' }, limit: 100 })
          for (const { message, reactions } of items) {
            const { content, replyTo } = message
            found.replies += Number(replyTo !== undefined)
            found.mentions += content.mentions.length
            found.reactions += reactions.sums.length
            found.forwards += Number(content.forwarded !== undefined)
            found.pictures += content.attachments.length
            found.marked += Number(content.format === 'markdown')
          }
        }
      }
      return { found, unread }
    }
    const told: string[] = []
    await seed({ ...app.ports, api: app.api }, wanted, (what, done, total) => void (done === total && told.push(what)))
    expect(told).toEqual(['users', 'chats', 'messages', 'read states'])
    const { found, unread } = await look()
    expect(Math.min(...Object.values(found))).toBeGreaterThan(0)
    expect(unread.size).toBeGreaterThan(2)
    await plant(wanted)
    expect(await look()).toEqual({ found, unread })
  })

  it('leaves what people have changed meanwhile', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    await plant()
    const me = await signIn(app, 'user2@example.com')
    const [group] = (await app.api.listChats(me, { kind: 'group' }, { limit: 1 })).items
    await app.api.removeMembers(me, { chatId: group!.chat.id, userIds: [me.userId] })
    await plant()
    expect((await app.api.listChats(me, { kind: 'group' }, { limit: 1 })).items).toEqual([])
  })

  it('is as much as was asked for', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    expect(await plant({ users: 12, chats: 20, messages: 500 })).toEqual({ users: 12, chats: 20, messages: 500 })
    const me = await signIn(app, 'user12')
    expect((await app.api.findUsers(me, {}, { limit: 100, count: true })).total).toBe(11)
    expect((await app.api.listChats(me, {}, { limit: 100 })).items.length).toBeGreaterThan(1)
  })

  it('is never in the way of somebody who has such a username already', async () => {
    await using scenery = await scene(databaseUrl)
    const { app, plant } = scenery
    const other = { name: 'Other', email: 'other@example.com', password: 'correct horse', username: 'user1' }
    await app.api.register({ address: '127.0.0.1' }, other)
    await plant()
    const demo = await app.api.login({ address: '127.0.0.1' }, { login: 'user1@example.com', password: DEMO_PASSWORD })
    expect(demo.user.username).toMatch(/^user1-/)
  })
})

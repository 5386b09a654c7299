import type { Browser, BrowserContextOptions } from 'playwright-core'
import sharp from 'sharp'
import { createAuth } from '../../src/client/index.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { openTab, type Tab } from './tab.ts'

/** A small picture of one colour. */
export const plainPicture = (width: number, height: number, hue = 0): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: (hue * 53) % 256, g: (hue * 97) % 256, b: (hue * 193) % 256 } } })
    .png()
    .toBuffer()

/** Uploads a file in somebody's name. Returns its id. */
export async function upload(url: string, { token }: SignedInClient, name: string, body: Buffer): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' }
  const path = `/files?name=${encodeURIComponent(name)}`
  const reply = await httpClient(url).call<{ id: string }>('post', path, { token, headers, body })
  if (reply.status >= 300) throw new Error(`${path} answers ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body.id
}

/** Calls the service, and throws unless it does what it is asked. */
export async function done<T>(who: SignedInClient, method: string, path: string, body?: object): Promise<T> {
  const reply = await who.call<T>(method, path, body)
  if (reply.status >= 300) throw new Error(`${method} ${path} answers ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

export const send = (who: SignedInClient, chat: string, key: string, content: object) =>
  done<{ id: string; seq: number }>(who, 'post', `/chats/${chat}/messages`, { client_message_id: key, ...content })

/** A window of its own in which somebody is signed in. */
export async function enter(browser: Browser, url: string, who: SignedInClient, options: BrowserContextOptions = {}): Promise<Tab> {
  const session = await createAuth({ url }).login({ login: who.session.user.username!, password: who.password })
  const localStorage = [{ name: 'windi-chat.session', value: JSON.stringify(session) }]
  const tab = await openTab(browser, url, { ...options, storageState: { cookies: [], origins: [{ origin: url, localStorage }] } })
  await tab.page.getByRole('navigation').waitFor()
  return tab
}

export interface Scene {
  readonly ann: SignedInClient
  readonly bob: SignedInClient
  /** A group of Ann's with something of everything: pins, pictures, a code block, reactions, mentions, members, links, bans. */
  readonly walks: string
  /** Her private chat with Bob. */
  readonly bobs: string
}

const GROUPS = 14
const WORDS = 'Words that are long enough to be broken where a screen is as narrow as it gets, Wintergreen-Longfellow'

/** Ann and her chats, made by calls. */
export async function scene(url: string): Promise<Scene> {
  const { register } = httpClient(url)
  const [ann, bob, eve] = await Promise.all([register('Ann Berg'), register('Bob Longfellow-Wintergreen'), register('Eve Lang')])
  for (const [i, who] of [ann, bob].entries()) {
    const avatar = await upload(url, who, `${i}.png`, await plainPicture(300, 300, i + 3))
    await done(who, 'patch', '/users/me', { avatar })
  }
  for (let i = 0; i < GROUPS; i++) {
    const name = `Group ${i} of people who walk`
    const { id } = await done<{ id: string }>(ann, 'post', '/chats', { kind: 'group', name, member_ids: [bob.id] })
    await send(i % 3 ? ann : bob, id, `g${i}`, { text: `${WORDS} ${i}.` })
  }
  const { id: bobs } = await done<{ id: string }>(ann, 'post', '/chats', { kind: 'private', user_id: bob.id })
  for (let i = 0; i < 30; i++) await send(i % 4 ? ann : bob, bobs, `p${i}`, { text: i % 5 ? `Line ${i}.` : `${WORDS} ${i}.` })
  return { ann, bob, walks: await walksOf(url, ann, bob, eve), bobs }
}

async function walksOf(url: string, ann: SignedInClient, bob: SignedInClient, eve: SignedInClient): Promise<string> {
  const group = { kind: 'group', name: 'Walks', member_ids: [bob.id] }
  const { id } = await done<{ id: string }>(ann, 'post', '/chats', group)
  for (let i = 0; i < 20; i++) await send(i % 2 ? ann : bob, id, `w${i}`, { text: `${WORDS} ${i}.` })
  const file = async (name: string, width: number, height: number) => ({
    file_id: await upload(url, ann, name, await plainPicture(width, height, name.length)),
  })
  const attachments = [await file('a.png', 800, 500), await file('bb.png', 300, 500), await file('ccc.png', 640, 640)]
  const pictures = await send(ann, id, 'pictures', { text: 'Three pictures.', attachments })
  await send(ann, id, 'one', { text: 'One picture.', attachments: [await file('dddd.png', 900, 600)] })
  const text = `**Bold** and \`code\`\n\`\`\`ts\nconst words = '${WORDS}'\n\`\`\``
  const code = await send(bob, id, 'code', { text, format: 'markdown' })
  const { seq } = await send(bob, id, 'reply', { text: 'An answer.', reply_to: pictures.id })
  for (const emoji of ['👍', '🎉', '🚀'])
    await done(bob, 'put', `/chats/${id}/messages/${pictures.id}/reactions/${encodeURIComponent(emoji)}`)
  for (const pinned of [pictures, code]) await done(ann, 'put', `/chats/${id}/messages/${pinned.id}/pin`)
  for (let i = 0; i < 2; i++) await done(ann, 'post', `/chats/${id}/invitations`, { approval: i > 0 })
  await done(ann, 'put', `/chats/${id}/bans/${eve.id}`, { reason: WORDS, until: '2999-01-01T00:00:00Z' })
  await done(ann, 'post', `/chats/${id}/read`, { seq })
  return id
}

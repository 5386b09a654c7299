import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatApp } from '../../src/adapters/http/app.ts'
import type { Opened } from '../../src/main/container.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { type HttpClient, httpClient, type SignedInClient } from '../support/http-client.ts'
import { listening, openOnMemory } from '../support/http-server.ts'
import { masterKey } from '../support/keys.ts'
import { tempFolder } from '../support/places.ts'
import { pushService } from '../support/push-service.ts'
import { type Request, receiver } from '../support/receiver.ts'
import { eventually } from '../support/waiting.ts'

interface Hook {
  readonly id: string
  readonly secret: string
  readonly state: string
  readonly [member: string]: unknown
}
interface Listed {
  readonly items: readonly { readonly id: string }[]
  readonly next: string | null
  readonly total: number
}
interface Events {
  readonly data: {
    readonly epoch: string
    readonly chat_id: string
    readonly events: readonly { readonly seq: number; readonly type: string }[]
  }
}

describe.each(databases)('programs and devices, on %s', (kind) => {
  let app: Opened
  let client: HttpClient
  let key: string
  let ann: SignedInClient
  let bob: SignedInClient
  const closers: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    const folder = await tempFolder()
    const own = kind === 'postgres' ? await freshDatabase() : undefined
    const databaseUrl = kind === 'memory' ? 'memory:' : (own?.url ?? `sqlite:${folder.path}/chat.db`)
    app = await openOnMemory({ databaseUrl, pushHosts: ['127.0.0.1'] })
    const served = chatApp({ api: app.api, version: '1', newId: randomUUID, stopwatch: () => performance.now() })
    const { url, close } = await listening(createServer(served.callback()))
    client = httpClient(url)
    closers.push(folder.remove, async () => own?.drop(), app.close, app.relay.stop, close)
    key = await masterKey(app)
    ;[ann, bob] = [await client.register('Ann'), await client.register('Bob')]
  })
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })

  const service = <T = Hook>(method: string, path: string, body?: unknown) =>
    client.call<T>(method, `/service${path}`, { body, token: key })
  const group = async () => (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Tea', member_ids: [bob.id] })).body.id
  const send = (from: SignedInClient, chat: string, text: string) =>
    from.call<{ id: string; seq: number }>('post', `/chats/${chat}/messages`, { client_message_id: randomUUID(), text })
  const after = (assertion: () => unknown, timeoutMs = 10_000) =>
    eventually(
      async () => {
        await app.relay.tick()
        await assertion()
      },
      { timeoutMs },
    )
  const seqsOf = (requests: readonly Request[], chat: string) =>
    requests
      .map(({ body }) => (JSON.parse(body.toString()) as Events).data)
      .flatMap((data) => (data.chat_id === chat ? data.events.map(({ seq }) => seq) : []))

  it('deliver events to a webhook that keeps the contract', async () => {
    const to = await receiver()
    closers.push(to.close)
    const made = await service('post', '/hooks', { url: `${to.url}/hook` })
    expect(made).toMatchObject({
      status: 201,
      body: { types: null, chat_ids: null, batch: 1, enabled: true, state: 'ok', behind: 0, last_success_at: null, last_error: null },
    })
    const { secret, ...hook } = made.body
    expect(secret).toMatch(/^whsec_/)
    expect((await service('get', `/hooks/${hook.id}`)).body).toMatchObject({ id: hook.id, url: hook.url })
    expect((await service<{ items: Hook[] }>('get', '/hooks')).body.items.map(({ id }) => id)).toContain(hook.id)
    const chat = await group()
    for (const text of ['one', 'two']) await send(ann, chat, text)
    await after(() => expect(seqsOf(to.requests, chat)).toEqual([1, 2, 3]))
    const { headers, body } = to.requests.at(-1)!
    const [id, timestamp] = [headers['webhook-id'] as string, headers['webhook-timestamp'] as string]
    const { epoch } = (JSON.parse(body.toString()) as Events).data
    expect(id).toBe(`${hook.id}.${epoch}.${chat}.3-3`)
    const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${id}.${timestamp}.${body.toString()}`)
      .digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${mac}`)

    const again = await service('post', `/hooks/${hook.id}/replay`, { from: '2000-01-01T00:00:00Z', chat_id: chat })
    expect(again.status).toBe(200)
    await after(() => expect(seqsOf(to.requests, chat)).toEqual([1, 2, 3, 1, 2, 3]))
    const rotated = await service('post', `/hooks/${hook.id}/rotate`)
    expect(rotated.body.secret).not.toBe(secret)
    const changed = await service('patch', `/hooks/${hook.id}`, { types: ['message.sent'], batch: 5 })
    expect(changed).toMatchObject({ status: 200, body: { types: ['message.sent'], batch: 5 } })
    await ann.call('patch', `/chats/${chat}`, { name: 'Coffee' })
    await send(bob, chat, 'three')
    await after(() => expect(seqsOf(to.requests, chat).at(-1)).toBe(5))
    expect(seqsOf(to.requests, chat)).not.toContain(4)
    expect((to.requests.at(-1)!.headers['webhook-signature'] as string).split(' ')).toHaveLength(2)
    await ann.call('delete', `/chats/${chat}`)
    expect(await service('delete', `/hooks/${hook.id}`)).toMatchObject({ status: 204 })
    expect((await service('get', `/hooks/${hook.id}`)).status).toBe(404)
  }, 40_000)

  it('switch a webhook off that is gone, and deliver what it missed once it is on again', async () => {
    const to = await receiver()
    closers.push(to.close)
    to.answers(() => 410)
    const { id } = (await service('post', '/hooks', { url: to.url })).body
    const chat = await group()
    await after(async () => expect((await service('get', `/hooks/${id}`)).body).toMatchObject({ enabled: false, state: 'off' }))
    to.answers(() => 200)
    const { length } = to.requests
    await service('patch', `/hooks/${id}`, { enabled: true })
    await after(() => expect(seqsOf(to.requests.slice(length), chat)).toEqual([1]))
    await service('delete', `/hooks/${id}`)
  }, 40_000)

  it('skip what fails, list it, and attempt it once more', async () => {
    const to = await receiver()
    closers.push(to.close)
    const chat = await group()
    to.answers(({ body }) => (body.includes('"poison"') ? 500 : 200))
    const { id } = (await service('post', '/hooks', { url: to.url, types: ['message.sent'] })).body
    await send(ann, chat, 'poison')
    await send(ann, chat, 'fine')
    await after(async () => expect((await service('get', `/hooks/${id}`)).body.last_error).toBe('answered 500'))
    expect((await service('post', `/hooks/${id}/skip`, { chat_id: chat })).status).toBe(200)
    await after(() => expect(seqsOf(to.requests, chat).at(-1)).toBe(3))
    const dead = async () => (await service<{ items: object[] }>('get', `/hooks/${id}/dead`)).body.items
    expect(await dead()).toMatchObject([{ chat_id: chat, from: 2, to: 2, error: 'answered 500' }])
    to.answers(() => 200)
    expect((await service('post', `/hooks/${id}/dead/retry`)).status).toBe(200)
    await after(async () => expect(await dead()).toEqual([]))
    await service('delete', `/hooks/${id}`)
  }, 40_000)

  it('tell a webhook of a deleted chat, and refuse addresses, types and callers that it may not have', async () => {
    const to = await receiver()
    closers.push(to.close)
    const { id } = (await service('post', '/hooks', { url: to.url, types: ['chat.deleted'] })).body
    const chat = await group()
    await ann.call('delete', `/chats/${chat}`)
    await after(() => expect(seqsOf(to.requests, chat)).toEqual([2]))
    await service('delete', `/hooks/${id}`)
    for (const url of ['http://169.254.169.254/', 'https://a:b@example.com/', 'ftp://example.com', 'http://93.184.216.34/'])
      expect(await service('post', '/hooks', { url })).toMatchObject({
        status: 422,
        body: { code: 'invalid', errors: [{ pointer: '/url' }] },
      })
    expect(await service('post', '/hooks', { url: to.url, types: ['no.type'] })).toMatchObject({ status: 422 })
    expect(await ann.call('get', '/service/hooks')).toMatchObject({ status: 403, body: { requires: ['scope:hooks'] } })
    expect((await service('get', '/hooks/nonsense')).status).toBe(404)
  }, 40_000)

  it('post to a group through an inlet', async () => {
    const chat = await group()
    expect((await bob.call('post', `/chats/${chat}/inlets`, { name: 'Build' })).status).toBe(403)
    const made = await ann.call<{ id: string; url: string }>('post', `/chats/${chat}/inlets`, { name: 'Build' })
    expect(made.status).toBe(201)
    const { id, url } = made.body
    const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
      fetch(url, { method: 'POST', body, headers })
    const first = await post(JSON.stringify({ text: 'passed', username: 'ci', attachments: [] }), {
      'content-type': 'application/json',
      'idempotency-key': 'build-1',
    })
    expect(first.status).toBe(200)
    const { message_id: messageId } = (await first.json()) as { message_id: string }
    const again = await post(JSON.stringify({ text: 'passed' }), { 'content-type': 'application/json', 'x-github-delivery': 'build-1' })
    expect(await again.json()).toEqual({ message_id: messageId })
    const form = await post(new URLSearchParams({ payload: JSON.stringify({ text: 'failed' }) }), {})
    expect(form.status).toBe(200)
    const { body } = await bob.call<{ items: { text: string; sender: { name: string } }[] }>('get', `/chats/${chat}/messages`)
    expect(body.items.map(({ text, sender }) => [sender.name, text])).toEqual([
      ['Build', 'passed'],
      ['Build', 'failed'],
    ])
    expect((await ann.call<{ items: { id: string; name: string }[] }>('get', `/chats/${chat}/inlets`)).body.items).toMatchObject([
      { id, name: 'Build' },
    ])
    expect((await fetch(`${url}x`, { method: 'POST', body: '{"text":"x"}', headers: { 'content-type': 'application/json' } })).status).toBe(
      404,
    )
    expect((await post('{}')).status).toBe(422)
    expect((await ann.call('delete', `/chats/${chat}/inlets/${id}`)).status).toBe(204)
    expect((await post('{"text":"late"}')).status).toBe(404)
    expect((await ann.call<{ member_count: number }>('get', `/chats/${chat}`)).body.member_count).toBe(2)
  }, 40_000)

  it.each([
    [
      'GitLab',
      { username: 'GitLab', text: 'Ann pushed to branch', attachments: [{ text: '1a2b: Tea', color: '#345' }] },
      'Ann pushed to branch',
    ],
    ['Uptime Kuma', { text: '[Shop] is down', channel: '#ops', icon_emoji: ':x:', attachments: [{ blocks: [] }] }, '[Shop] is down'],
    ['GitHub', { text: 'Build passed', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Build*' } }] }, 'Build passed'],
    [
      'Grafana',
      {
        username: 'Grafana',
        attachments: [{ color: '#D63232', title: '[FIRING:1] Disk', title_link: 'http://g/', fallback: 'Disk', text: '**Full**' }],
      },
      '[FIRING:1] Disk\n**Full**',
    ],
    ['a fallback', { attachments: [{ fallback: 'All is well' }] }, 'All is well'],
  ])('post what %s sends to Slack', async (_, sent, text) => {
    const chat = await group()
    const { url } = (await ann.call<{ url: string }>('post', `/chats/${chat}/inlets`, { name: 'Build' })).body
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(sent) })).status).toBe(200)
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ payload: JSON.stringify(sent) }) })).status).toBe(200)
    expect((await fetch(url, { method: 'POST', headers, body: '{"attachments":[{}]}' })).status).toBe(422)
    const { body } = await ann.call<{ items: { text: string }[] }>('get', `/chats/${chat}/messages`)
    expect(body.items.map((message) => message.text)).toEqual([text, text])
  })

  it('are listed page by page, and are only so many', async () => {
    const chat = await group()
    const made: string[] = []
    for (let i = 0; i < 3; i++) made.push((await ann.call<{ id: string }>('post', `/chats/${chat}/inlets`, { name: `Inlet ${i}` })).body.id)
    for (let i = 0; i < 2; i++) await service('post', '/hooks', { url: 'https://example.com/hook', types: ['chat.renamed'] })
    const ids = async (page: (cursor: string) => Promise<{ body: Listed }>) => {
      const found: string[] = []
      let all = 0
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { items, next, total }: Listed = (await page(`?limit=1&count=true${cursor && `&cursor=${cursor}`}`)).body
        found.push(...items.map(({ id }) => id))
        cursor = next
        all = total
      }
      expect(all).toBe(found.length)
      return found
    }
    expect(await ids((query) => ann.call<Listed>('get', `/chats/${chat}/inlets${query}`))).toEqual(made)
    const hooks = await ids((query) => service<Listed>('get', `/hooks${query}`))
    expect(hooks).toEqual((await service<Listed>('get', '/hooks?limit=100')).body.items.map(({ id }) => id))

    for (let i = made.length; i < 50; i++) expect((await ann.call('post', `/chats/${chat}/inlets`, { name: 'More' })).status).toBe(201)
    const inlet = await ann.call('post', `/chats/${chat}/inlets`, { name: 'One more' })
    expect(inlet).toMatchObject({ status: 409, body: { code: 'inlets-full', limit: 50 } })

    const more = Array.from({ length: 110 - hooks.length }, () => service<Hook>('post', '/hooks', { url: 'https://example.com/hook' }))
    const answers = await Promise.all(more)
    const { total, items } = (await service<Listed>('get', '/hooks?limit=100&count=true')).body
    expect(total).toBeLessThanOrEqual(100)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(total - hooks.length)
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({ status: 409, body: { code: 'hooks-full', limit: 100 } })
    for (const { id } of items) await service('delete', `/hooks/${id}`)
    expect((await service('post', '/hooks', { url: 'https://example.com/hook' })).status).toBe(201)
    for (const { id } of (await service<Listed>('get', '/hooks')).body.items) await service('delete', `/hooks/${id}`)
  }, 60_000)

  it('keep the settings of notifications', async () => {
    const chat = await group()
    expect((await bob.call('get', `/chats/${chat}/notices`)).body).toEqual({ level: null, muted_until: null })
    const until = '2100-01-01T00:00:00.000Z'
    const muted = { level: 'mentions', muted_until: until }
    expect(await bob.call('put', `/chats/${chat}/notices`, muted)).toMatchObject({ status: 200, body: muted })
    expect((await bob.call('get', `/chats/${chat}/notices`)).body).toEqual(muted)
    const stranger = await client.register('Cyd')
    for (const method of ['get', 'put'])
      expect((await stranger.call(method, `/chats/${chat}/notices`, method === 'put' ? muted : undefined)).body.code).toBe('chat-not-found')
    const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
    expect((await bob.call('patch', '/users/me', { notices: { level: 'none', quiet } })).body).toMatchObject({
      notices: { level: 'none', quiet },
    })
    expect((await bob.call('patch', '/users/me', { notices: { level: 'all' } })).body).toMatchObject({ notices: { level: 'all', quiet } })
    expect((await bob.call('get', '/users/me')).body).toMatchObject({ notices: { level: 'all', quiet } })
    expect((await bob.call('patch', '/users/me', { notices: { quiet: { ...quiet, zone: 'Nowhere' } } })).status).toBe(422)
    await bob.call('patch', '/users/me', { notices: { level: 'all', quiet: null } })
  })

  it('notify a device of what was not read, and close the notification when it was', async () => {
    const to = await pushService()
    closers.push(to.close)
    const device = { kind: 'web', ...to.subscription, content: 'full' }
    const { body } = await bob.call<{ vapid_key: string }>('get', '/push')
    expect(Buffer.from(body.vapid_key, 'base64url')).toHaveLength(65)
    expect((await bob.call('put', '/push/devices/phone', device)).status).toBe(204)
    for (const endpoint of ['https://example.com/push', 'http://fcm.googleapis.com/x', 'https://u:p@fcm.googleapis.com/x'])
      expect((await bob.call('put', '/push/devices/other', { ...device, endpoint })).status).toBe(422)
    const chat = await group()
    const { seq } = (await send(ann, chat, 'Are you there?')).body
    const muted = await group()
    await bob.call('put', `/chats/${muted}/notices`, { level: null, muted_until: '2100-01-01T00:00:00Z' })
    await send(ann, muted, 'Not this')
    const shown = to.messages
    await after(
      () =>
        expect(shown()).toEqual([
          {
            type: 'message',
            chat_id: chat,
            seq,
            title: 'Tea',
            body: 'Ann: Are you there?',
            badge: expect.any(Number) as number,
            tag: chat,
          },
        ]),
      20_000,
    )
    const { headers } = to.requests[0]!
    expect(headers).toMatchObject({ 'ttl': '86400', 'topic': chat.replaceAll('-', ''), 'content-encoding': 'aes128gcm' })
    expect(headers.authorization).toContain(`k=${body.vapid_key}`)
    await bob.call('post', `/chats/${chat}/read`, { seq })
    await app.clearNotifications()
    await app.clearNotifications()
    expect(shown().slice(1)).toEqual([{ type: 'read', chat_id: chat, read_seq: seq, badge: expect.any(Number) as number }])
    expect((await bob.call('delete', '/push/devices/phone')).status).toBe(204)
  }, 60_000)
})

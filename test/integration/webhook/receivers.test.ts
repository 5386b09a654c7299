import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { addressFault, urlFault } from '../../../src/adapters/webhook/addresses.ts'
import { poster } from '../../../src/adapters/webhook/post.ts'
import { hookSecrets } from '../../../src/adapters/webhook/secrets.ts'
import { webhookSink } from '../../../src/adapters/webhook/sink.ts'
import type { Consumer } from '../../../src/application/ports/consumers.ts'
import type { ChatId, UserId } from '../../../src/domain/ids.ts'

const NOW = Date.UTC(2030, 0, 1)
const TIMEOUT_MS = 400
const secrets = hookSecrets(['a secret of at least thirty-two bytes'])
const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const consumerAt = (url: string, own: object = {}): Consumer => ({
  id: '0190a000-0000-7000-8000-000000000001',
  kind: 'hook',
  name: 'hook',
  settings: { batch: 1, own: { url, secret: 2, ...own } },
  lag: 0,
  from: 0,
  generation: 0,
  revision: 0,
  state: 'ok',
  createdAt: 0,
  report: { failingSince: undefined, behind: 0, lastSuccessAt: undefined, lastError: undefined },
})

function deliver(url: string, own?: object) {
  const post = poster(TIMEOUT_MS)
  closers.push(() => post.close())
  const sink = webhookSink({ poster: post, secrets, clock: () => NOW, userAgent: 'test' })
  const chatId = 'chat' as ChatId
  const event = { type: 'chat.renamed', name: 'Tea', chatId, seq: 7, at: NOW, actorId: 'ann' as UserId } as const
  return sink.deliver({ consumer: consumerAt(url, own), epoch: 'epoch', chatId, from: 7, to: 7, events: [event] }, undefined)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

describe('a webhook', () => {
  it('posts a range, signed by the scheme of Standard Webhooks', async () => {
    let seen: { headers: IncomingMessage['headers']; body: string } | undefined
    const url = await receiver(async (request, response) => {
      seen = { headers: request.headers, body: await bodyOf(request) }
      response.writeHead(204).end()
    })
    expect(await deliver(url)).toEqual({ is: 'done' })
    const { headers, body } = seen!
    expect(JSON.parse(body)).toEqual({
      type: 'chat.events',
      timestamp: '2030-01-01T00:00:00.000Z',
      data: {
        epoch: 'epoch',
        chat_id: 'chat',
        events: [{ chat_id: 'chat', seq: 7, at: '2030-01-01T00:00:00.000Z', actor_id: 'ann', type: 'chat.renamed', name: 'Tea' }],
      },
    })
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `${consumerAt('').id}.epoch.chat.7-7`,
      'webhook-timestamp': String(NOW / 1_000),
    })
    const secret = Buffer.from(secrets.text(consumerAt('').id, 2).replace('whsec_', ''), 'base64')
    expect(secret).toHaveLength(32)
    const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
  })

  it.each([
    ['for a day after a rotation', 3_600_000, 2],
    ['and then with the new one alone', 90_000_000, 1],
  ])('is signed with both secrets %s', async (_, ago, count) => {
    let signature = ''
    const url = await receiver((request, response) => {
      signature = request.headers['webhook-signature'] as string
      response.end()
    })
    await deliver(url, { rotatedAt: NOW - ago })
    expect(signature.split(' ')).toHaveLength(count)
    expect(new Set(signature.split(' ')).size).toBe(count)
  })

  const bad: readonly (readonly [string, (response: ServerResponse) => void, object])[] = [
    ['hangs', () => {}, { is: 'again', error: 'no answer in 0.4 s' }],
    ['answers 500', (response) => response.writeHead(500).end('no'), { is: 'again', error: 'answered 500' }],
    ['redirects', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), { is: 'again', error: 'answered 307' }],
    ['is overrun', (response) => response.writeHead(429, { 'retry-after': '120' }).end(), { is: 'again', asked: 120_000 }],
    [
      'is overrun until a time',
      (response) => response.writeHead(503, { 'retry-after': new Date(NOW + 60_000).toUTCString() }).end(),
      { is: 'again', asked: 60_000 },
    ],
    ['is gone', (response) => response.writeHead(410).end(), { is: 'gone', error: 'answered 410' }],
    ['hangs up', (response) => void response.socket!.destroy(), { is: 'again' }],
    [
      'drips its headers',
      (response) => {
        const dripping = setInterval(() => response.socket?.write('H'), 20)
        response.socket!.on('close', () => clearInterval(dripping))
      },
      { is: 'again' },
    ],
  ]
  it.each(bad)('tries again, or gives up, when the receiver %s', async (_, answer, outcome) => {
    const url = await receiver((request, response) => void request.resume().on('end', () => answer(response)))
    expect(await deliver(url)).toMatchObject(outcome)
  })

  it('takes 2xx for an acknowledgement, and reads little of what comes with it', async () => {
    let sent = 0
    const url = await receiver((request, response) => {
      request.resume()
      response.writeHead(200)
      const more = () => {
        while (sent < 10_485_760 && !response.destroyed) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
        }
      }
      more()
    })
    expect(await deliver(url)).toEqual({ is: 'done' })
    expect(sent).toBeLessThan(10_485_760)
  })

  it.each([
    ['http://example.com/', undefined],
    ['http://93.184.216.34/', 'is an http: address outside of private networks'],
    ['https://93.184.216.34/', undefined],
    ['http://192.168.1.1/', undefined],
    ['https://ann:secret@example.com/', 'has neither user name nor password'],
    ['https://169.254.169.254/', 'leads to an address that is not allowed'],
    ['http://0xa9fea9fe/', 'leads to an address that is not allowed'],
    ['https://[fe80::1]/', 'leads to an address that is not allowed'],
    ['https://[::ffff:169.254.169.254]/', 'leads to an address that is not allowed'],
    ['https://[64:ff9b::169.254.169.254]/', 'leads to an address that is not allowed'],
    ['http://[::1]/', undefined],
    ['ftp://example.com/', 'is an http: or https: URL of at most 2048 characters'],
    ['nonsense', 'is an http: or https: URL of at most 2048 characters'],
  ])('may lead to %s: %s', (url, fault) => {
    expect(urlFault(url)).toBe(fault)
  })

  it('checks addresses at every connection, also those of names', async () => {
    expect(await deliver('https://169.254.169.254/')).toMatchObject({
      is: 'again',
      error: 'the URL leads to an address that is not allowed',
    })
    expect(addressFault('169.254.1.1', 'https:')).toBeDefined()
    const url = await receiver((request, response) => void request.resume().on('end', () => response.end()))
    expect(await deliver(url.replace('127.0.0.1', 'localhost'))).toEqual({ is: 'done' })
  })
})

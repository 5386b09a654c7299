import { once } from 'node:events'
import { connect as dial, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Given, type GivenOptions, given } from './given.ts'

const PATH = '/api/v1/ws'
let place: Given
const open = async (options?: GivenOptions) => (place = await given(options))
afterEach(async () => place[Symbol.asyncDispose]())

/** Asks for a WebSocket by hand, and returns what is answered until the connection ends, or so many bytes have come. */
async function upgrade(
  path: string,
  headers: readonly string[] = [],
): Promise<{ status: number; head: string; body: string; socket: Socket }> {
  const { port, hostname } = new URL(place.url)
  const socket = dial(Number(port), hostname)
  await once(socket, 'connect')
  const own = [
    'Host: chat.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]
  socket.write(`${[`GET ${path} HTTP/1.1`, ...own, ...headers].join('\r\n')}\r\n\r\n`)
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => void (text += more))
  await Promise.race([once(socket, 'close'), once(socket, 'data')])
  if (!text.startsWith('HTTP/1.1 101')) await once(socket, 'close').catch(() => undefined)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body, socket }
}
const refusal = ({ body }: { readonly body: string }) => JSON.parse(body) as { code: string; request_id: string }

describe('an upgrade', () => {
  it('of another path is refused by an answer, and its connection closed', async () => {
    await open()
    const answer = await upgrade('/elsewhere?path=/api/v1/ws')
    expect([answer.status, refusal(answer).code]).toEqual([404, 'not-found'])
    const headers = new Map(
      answer.head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(': ') as [string, string]),
    )
    expect(Object.fromEntries(headers)).toEqual({
      'Connection': 'close',
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(answer.body)),
      'Cache-Control': 'no-store',
      'X-Request-Id': refusal(answer).request_id,
    })
  })

  it('of another path is left to whoever else listens, and of the own path to nobody else', async () => {
    await open()
    const others: string[] = []
    place.http.on('upgrade', ({ url }, socket) => {
      others.push(url!)
      socket.end('HTTP/1.1 418 Other\r\n\r\n')
    })
    expect((await upgrade('/elsewhere')).status).toBe(418)
    const own = await upgrade(`${PATH}?v=1`)
    expect([own.status, others]).toEqual([101, ['/elsewhere']])
    own.socket.destroy()
  })

  it('of a path that the host has chosen is taken there', async () => {
    await open({ path: '/talk' })
    const there = await upgrade('/talk')
    expect([there.status, (await upgrade(PATH)).status]).toEqual([101, 404])
    there.socket.destroy()
  })

  it('with two hosts is refused', async () => {
    await open()
    const answer = await upgrade(PATH, ['Host: other.example'])
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([400, { code: 'invalid', errors: [{ detail: 'has one Host' }] }])
  })

  it('beyond as many connections as may be is refused, and the next one taken when one has gone', async () => {
    await open({ inAll: 1 })
    const first = await place.connect()
    expect(refusal(await upgrade(PATH)).code).toBe('overloaded')
    first.ws.terminate()
    await expect.poll(() => place.sockets.size).toBe(0)
    const next = await upgrade(PATH)
    expect(next.status).toBe(101)
    next.socket.destroy()
  })

  it.each(['drain', 'close'] as const)('after %s is refused, and those that were taken have ended', async (how) => {
    await open()
    const client = await place.connect()
    const ended = once(client.ws, 'close')
    await place.sockets[how]()
    await ended
    await expect.poll(() => place.sockets.size).toBe(0)
    const answer = await upgrade(PATH)
    expect([answer.status, refusal(answer).code]).toEqual([503, 'draining'])
  })
})

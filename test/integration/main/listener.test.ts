import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { draining } from '../../../src/main/draining.ts'
import { hardened, listen, stopListening } from '../../../src/main/listener.ts'
import { eventually } from '../../support/waiting.ts'

let server: Server
let url: string
let port: number

beforeEach(async () => {
  server = hardened().on('request', (_request, response) => response.end('fine'))
  url = await listen(server, { host: '127.0.0.1', port: 0 })
  port = Number(new URL(url).port)
})
afterEach(() => {
  server.closeAllConnections()
  return stopListening(server, 0)
})

/** What the server says to bytes that no well-meaning client sends, until it hangs up. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(bytes)
  return text(socket)
}

describe('the listener', () => {
  it.each([
    ['no HTTP at all', 'BAD\r\n\r\n', 400, undefined],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400, undefined],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400, undefined],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'too-large'],
  ])('answers %s with a problem and hangs up', async (_, bytes, status, code) => {
    const answer = await answerTo(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain('Content-Type: application/problem+json')
    const [, requestId] = /^X-Request-Id: ([\w-]{1,64})\r$/m.exec(answer)!
    const type = code ? `/problems/${code}` : 'about:blank'
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({ type, title: expect.any(String), status, code, request_id: requestId })
    expect(await (await fetch(url)).text()).toBe('fine')
  })

  it('outlives clients that hang up in the middle', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhal')
      socket.resetAndDestroy()
    }
    expect(await (await fetch(url)).text()).toBe('fine')
  })

  it('says which port is taken', async () => {
    await expect(listen(hardened(), { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('greedy clients', () => {
  const port = (at: string) => Number(new URL(at).port)

  it('get no more connections than their network may have, and again one when one is closed', async () => {
    const few = hardened({ perNetwork: 2 }).on('request', (_request, response) => response.end('fine'))
    const at = await listen(few, { host: '127.0.0.1', port: 0 })
    const open = () => connect(port(at), '127.0.0.1').on('error', () => {})
    const [one, other] = [open(), open()]
    await Promise.all([once(one, 'connect'), once(other, 'connect')])
    await once(open(), 'close')
    one.destroy()
    await eventually(async () => {
      const third = open()
      third.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      expect(await text(third)).toContain('fine')
    })
    few.closeAllConnections()
    await stopListening(few, 0)
  })

  it('are cut off when a body takes too long, unless it is an upload', async () => {
    const impatient = hardened({ bodyMs: 200 }).on('request', (request, response) => {
      request.on('error', () => {}).once('end', () => response.end('fine'))
      request.resume()
    })
    const at = await listen(impatient, { host: '127.0.0.1', port: 0 })
    const begun = (path: string) => {
      const socket = connect(port(at), '127.0.0.1').on('error', () => {})
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\na`)
      return socket
    }
    const [upload, piece] = [begun('/api/v1/files?name=x'), begun('/api/v1/uploads/1')]
    expect(await text(begun('/api/v1/users/me'))).toMatch(/^HTTP\/1\.1 408 /)
    for (const slow of [upload, piece]) {
      slow.write('b')
      expect(await text(slow)).toContain('fine')
    }
    await stopListening(impatient, 0)
  })

  it('are cut off when no byte of an answer leaves any more', async () => {
    const impatient = hardened({ stalledMs: 200 }).on('request', (_request, response) => response.end(Buffer.alloc(64 * 1_048_576)))
    const at = await listen(impatient, { host: '127.0.0.1', port: 0 })
    const stalled = connect(port(at), '127.0.0.1').on('error', () => {})
    stalled.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(impatient, 'request')
    const connections = promisify(impatient.getConnections.bind(impatient))
    await eventually(async () => expect(await connections()).toBe(0))
    stalled.destroy()
    await stopListening(impatient, 0)
  })
})

describe('draining', () => {
  it('sends sockets away, finishes answers, then lets go; once, however often it is asked', async () => {
    const steps: string[] = []
    const answering = Promise.withResolvers<void>()
    server.removeAllListeners('request').on('request', async (_request, response) => {
      steps.push('asked')
      await answering.promise
      response.end('answered')
    })
    const readiness = { isDraining: false }
    const close = draining({
      readiness,
      sockets: {
        async drain() {
          steps.push(`drained ${readiness.isDraining}`)
          answering.resolve()
        },
        close: () => void steps.push('cut'),
      },
      flush: () => void steps.push(`flushed ${readiness.isDraining}`),
      finish: (patienceMs) => stopListening(server, patienceMs),
      async release() {
        steps.push(`released ${server.listening}`)
      },
    })
    expect(readiness.isDraining).toBe(false)
    const answer = fetch(url).then((response) => response.text())
    await once(server, 'request')
    await Promise.all([close(), close()])
    expect(await answer).toBe('answered')
    expect(steps).toEqual(['asked', 'flushed true', 'drained true', 'cut', 'released false'])
  })
})

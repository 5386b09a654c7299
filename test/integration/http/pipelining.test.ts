import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { oneByOne, readInSlices } from '../../../src/adapters/http/pipelining.ts'
import { listening } from '../../support/http-server.ts'
import { eventually } from '../../support/waiting.ts'

const REQUEST = 'GET /one HTTP/1.1\r\nHost: x\r\n\r\n'

interface Held {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** A server whose requests wait until the test answers them, and the requests that its parser has produced. */
async function holding(): Promise<{ readonly held: Held[]; parsed(): number; open(): Socket } & AsyncDisposable> {
  const held: Held[] = []
  let parsed = 0
  const server = createServer().on('connection', readInSlices)
  server.on('request', () => parsed++)
  server.on(
    'request',
    oneByOne((request, response) => void held.push({ request, response })),
  )
  const { url, close } = await listening(server)
  const open = () => connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  return { held, parsed: () => parsed, open, [Symbol.asyncDispose]: close }
}

describe('requests on one connection', () => {
  it('are answered one after another, in their order, whatever their number', async () => {
    await using server = await holding()
    const socket = server.open()
    const paths = Array.from({ length: 60 }, (_, i) => `/${i}`)
    socket.write(paths.map((path) => REQUEST.replace('/one', path)).join(''))
    for (const path of paths) {
      const { request, response } = await eventually(() => {
        expect(server.held).toHaveLength(1)
        return server.held.shift()!
      })
      expect(request.url).toBe(path)
      if (path === '/59') response.setHeader('Connection', 'close')
      response.end(path)
    }
    const answers = await text(socket)
    expect(answers.match(/\/\d+/g)!.filter((found) => found !== '/1')).toEqual(paths.filter((path) => path !== '/1'))
  })

  it('are not read while one waits', async () => {
    await using server = await holding()
    const socket = server.open()
    socket.write(REQUEST.repeat(2_000))
    await eventually(() => expect(server.held).toHaveLength(1))
    const parsed = server.parsed()
    expect(parsed).toBeLessThan(50)
    // Another connection's round trip: what the parser could take meanwhile, it would have taken.
    server.open().write(REQUEST)
    await eventually(() => expect(server.held).toHaveLength(2))
    expect(server.parsed()).toBe(parsed + 1)
  })

  it('bring bodies, and are read on when their turn comes', async () => {
    await using server = await holding()
    const body = 'x'.repeat(30_000)
    const socket = server.open()
    for (let i = 0; i < 3; i++) socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    for (let i = 0; i < 3; i++) {
      const { request, response } = await eventually(() => {
        expect(server.held).toHaveLength(1)
        return server.held.shift()!
      })
      expect(await text(request)).toBe(body)
      response.end()
    }
  })

  it('are given up with their connection', async () => {
    await using server = await holding()
    const socket = server.open()
    socket.write(REQUEST.repeat(20))
    await eventually(() => expect(server.held).toHaveLength(1))
    socket.resetAndDestroy()
    await eventually(() => expect(server.held[0]!.request.socket.destroyed).toBe(true))
    expect(server.held).toHaveLength(1)
  })
})

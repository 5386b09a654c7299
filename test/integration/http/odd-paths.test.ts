import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { explanations } from '../../../src/adapters/wire/explanations.ts'
import { routes } from '../../../src/adapters/wire/routes.ts'
import type { SignedInClient } from '../../support/http-client.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'

let server: HttpServed
let ann: SignedInClient
beforeAll(async () => {
  server = await serveHttp()
  ann = await server.register('Ann')
})
afterAll(() => server.close())

/** What clients of HTTP tidy up before they send it, and others do not. */
const odd = [
  '..',
  '.',
  '%2e%2e',
  '%2E%2E%2F..',
  '..%2f..%2f..%2fetc%2fpasswd',
  '..%5c..',
  '%00',
  '%',
  '%ff',
  '%zz',
  'a/../b',
  '\\..\\..',
  ';a=b',
  '*',
]
const addresses = [...new Set(Object.values(routes).map(({ path }) => path as string))].filter((path) => path.includes('{'))

async function answerTo(method: string, address: string): Promise<{ readonly status: number; readonly body: string }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const lines = [
    `${method} /api/v1${address} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${ann.token}`,
    'tus-resumable: 1.0.0',
    'content-type: application/json',
    'content-length: 2',
    'connection: close',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n{}`)
  const answer = await text(socket)
  const end = answer.indexOf('\r\n\r\n')
  return { status: Number(answer.slice(9, 12)), body: answer.slice(end + 4) }
}

it.each(addresses)(
  '%s is refused with a known code wherever an id is no id',
  async (address) => {
    const methods = Object.values(routes).flatMap(({ path, method }) => (path === address ? [method.toUpperCase()] : []))
    for (const method of methods)
      for (const id of odd) {
        const { status, body } = await answerTo(
          method,
          address.replace(/\{\w+\}/g, () => id),
        )
        const code = status >= 400 && status < 500 ? String(JSON.parse(body).code) : `${status} ${body}`
        expect([method, id, code in explanations ? 'refused' : code]).toEqual([method, id, 'refused'])
      }
  },
  30_000,
)

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpClient } from '../support/http-client.ts'
import { eventually } from '../support/waiting.ts'
import { block } from './blocks.ts'
import { type Consumer, consumer } from './consumer.ts'

/** Programs that serve the chat beside pages of their own. */
const servers: readonly (readonly [name: string, code: string])[] = [
  ['node:http', block('docs/guides/node-http.md', 'front')],
  ['Express', block('docs/guides/express.md', 'express')],
  ['Fastify', block('docs/guides/fastify.md', 'fastify')],
  ['Hono', block('docs/guides/hono.md', 'hono')],
]

describe('the chat, mounted as the guides say', () => {
  let somebody: Consumer
  beforeAll(async () => {
    somebody = await consumer()
  })
  afterAll(() => somebody[Symbol.asyncDispose]())

  it.each(servers)('serves beside the pages of %s', async (name, code) => {
    const { url, stop } = await somebody.serve(await somebody.write(`${name.replace(/\W/g, '')}.ts`, code))
    try {
      await eventually(async () => expect((await fetch(`${url}/api/v1`)).status).toBe(200), { timeoutMs: 15_000 })
      expect(await (await fetch(url)).text()).toBe('my own page')
      expect(await posted(`${url}/mine`)).toBe('{"hello":"there"}')
      const ann = await httpClient(url).register('Ann')
      expect((await httpClient(url).call<{ id: string }>('get', '/users/me', { token: ann.token })).body.id).toBe(ann.id)
      expect(await firstFrames(`${url.replace('http', 'ws')}/api/v1/ws`, ann.token)).toEqual(['hello', 'ok'])
    } finally {
      stop()
    }
  })

  const posted = async (url: string): Promise<string> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(url, { method: 'POST', headers, body: '{"hello":"there"}' })).text()
  }
})

/** The types of the first two frames that a socket receives when it authenticates. */
const firstFrames = (url: string, token: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    const types: string[] = []
    socket.onopen = () => socket.send(JSON.stringify({ type: 'authorize', token, ref: 'who' }))
    socket.onerror = () => reject(new Error('the socket failed'))
    socket.onmessage = ({ data }) => {
      if (types.push((JSON.parse(String(data)) as { type: string }).type) < 2) return
      socket.close()
      resolve(types)
    }
  })

import { createServer, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { serveMetrics } from '../../../src/main/metrics.ts'
import { listening } from '../../support/http-server.ts'
import { freePort } from '../../support/places.ts'

const render = async () => ({ type: 'text/plain', text: 'up 1\n' })

/** `fetch` writes the `Host` itself. */
const ask = (port: number, path: string, host: string) =>
  new Promise<readonly [number, string]>((resolve, reject) => {
    request({ port, path, host: '127.0.0.1', headers: { host } }, (response) => {
      void text(response).then((body) => resolve([response.statusCode!, body]))
    })
      .on('error', reject)
      .end()
  })

describe('metrics on an address of their own', () => {
  it('are for whoever comes to it by its name, and for no other page and method', async () => {
    const warnings: unknown[] = []
    const port = await freePort()
    const { close } = await serveMetrics(
      { host: '127.0.0.1', port },
      { render, log: { warn: (...said: unknown[]) => void warnings.push(said) } as never },
    )
    for (const host of ['localhost', `127.0.0.1:${port}`, '[::1]:1']) expect(await ask(port, '/metrics', host)).toEqual([200, 'up 1\n'])
    for (const host of ['evil.example', 'localhost.evil.example']) expect(await ask(port, '/metrics', host)).toEqual([404, ''])
    expect(await ask(port, '/', 'localhost')).toEqual([404, ''])
    await close()
    expect(warnings).toEqual([])
  })

  it('are told to be missing where the port is taken, and cost nothing else', async () => {
    const warnings: string[] = []
    const other = await listening(createServer())
    const log = { warn: (_: object, message: string) => void warnings.push(message) } as never
    const { close } = await serveMetrics({ host: '127.0.0.1', port: Number(new URL(other.url).port) }, { render, log })
    expect(warnings).toEqual([expect.stringContaining('METRICS_LISTEN')])
    await close()
    await other.close()
  })
})

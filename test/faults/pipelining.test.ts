import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startService } from '../support/service.ts'

const SOCKETS = 60
const REQUESTS = 1_500
const HEAP_MB = 96
/** Of a process that idles and one that is attacked, the difference in resident memory. */
const GROWTH_MB = 160

const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024

/** Resolves when all of it has left or the other side reads no more. */
const wrote = (port: number, bytes: string) =>
  new Promise<() => void>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = () => resolve(() => socket.destroy())
    socket.on('error', done).pause()
    socket.write(bytes, done)
  })

describe.runIf(process.platform === 'linux')('a service whose clients pipeline and never read', () => {
  it.each(['/openapi.json', '/api/v1', '/problems/internal'])('serves others, in bounded memory: %s', { timeout: 60_000 }, async (path) => {
    await using service = await startService({ env: { DATABASE_URL: 'memory:', NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } })
    await fetch(`${service.url}${path}`)
    const before = residentMb(service.pid)
    const flood = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(REQUESTS)
    const attackers = await Promise.all(Array.from({ length: SOCKETS }, () => wrote(service.port, flood)))
    const times: number[] = []
    for (let i = 0; i < 51; i++) {
      const start = performance.now()
      expect((await fetch(`${service.url}/livez`)).status).toBe(200)
      times.push(performance.now() - start)
    }
    // The first ones come while the answers still fill the buffers of the network.
    expect(times.sort((a, b) => a - b)[25]).toBeLessThan(500)
    expect(residentMb(service.pid) - before).toBeLessThan(GROWTH_MB)
    for (const cut of attackers) cut()
  })
})

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SOCKET_PATH } from '../../src/adapters/wire/routes.ts'
import { databases } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { type Service, startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

const residentMb = ({ pid }: Service): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024

/** A file system of so many megabytes; undefined where this process may make none, as in most containers. */
async function smallDisk(megabytes: number) {
  const folder = await tempFolder('windi-chat-disk')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder.path], { stdio: 'ignore' })
  } catch {
    await folder.remove()
    return undefined
  }
  return {
    path: folder.path,
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', folder.path])
      await folder.remove()
    },
  }
}

const isLinux = process.platform === 'linux'
const small = isLinux && databases.includes('sqlite') ? await smallDisk(24) : undefined

describe.runIf(isLinux && databases.includes('sqlite'))('a disk that is full', () => {
  it.runIf(small)(
    'refuses what writes, reads on, tells it once, and takes writes again when there is room',
    { timeout: 90_000 },
    async () => {
      await using disk = small!
      await using service = await startService({ folder: disk.path })
      const http = httpClient(service.url)
      const ann = await http.register('Ann')
      const chat = (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'One' })).body.id
      const send = (n: number | string) =>
        ann.call('post', `/chats/${chat}/messages`, { client_message_id: `k${n}`, text: 'x'.repeat(4_000) })
      expect((await send('first')).status).toBe(201)
      const ballast = join(disk.path, 'ballast')
      fill(ballast)
      const refused: number[] = []
      await eventually(
        async () => {
          refused.push((await send(refused.length)).status)
          expect(refused.slice(-10).filter((status) => status === 503)).toHaveLength(10)
        },
        { timeoutMs: 40_000, everyMs: 1 },
      )
      expect(refused.filter((status) => status !== 201 && status !== 503)).toEqual([])
      const history = await ann.call<{ items: { text: string }[] }>('get', `/chats/${chat}/messages?limit=5`)
      expect([history.status, history.body.items.length > 0]).toEqual([200, true])
      expect((await fetch(`${service.url}/livez`)).status).toBe(200)
      await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(503), { timeoutMs: 10_000 })
      const told = service
        .logs()
        .split('\n')
        .filter((line) => line.includes('disk full'))
      expect(told).toHaveLength(1)
      rmSync(ballast)
      await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(200), { timeoutMs: 20_000 })
      await eventually(async () => expect((await send('last')).status).toBeLessThan(300), { timeoutMs: 10_000 })
    },
  )
})

/** Takes all the room that there is. */
function fill(file: string): void {
  const piece = Buffer.alloc(64 * 1_024)
  try {
    for (;;) writeFileSync(file, piece, { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

const IDLE = 5_000
/** Sockets of one network, below what one may have. */
const OF_A_NETWORK = 1_000
/** Of resident memory for a socket that does nothing, in KiB: its buffers of TLS or TCP are the system's. */
const EACH_KB = 40

describe.runIf(isLinux)('five thousand connections that do nothing', () => {
  it('cost little memory and no time of others', { timeout: 120_000 }, async () => {
    await using service = await startService({ env: { DATABASE_URL: 'memory:' } })
    const ann = await httpClient(service.url).register('Ann')
    const before = residentMb(service)
    const sockets: WebSocket[] = []
    for (let n = 0; n < IDLE; n += 250) {
      const some = Array.from({ length: 250 }, (_, i) => idle(service, `127.0.${1 + Math.floor((n + i) / OF_A_NETWORK)}.1`))
      sockets.push(...(await Promise.all(some)))
      for (const socket of some) void socket.then((one) => one.send(JSON.stringify({ type: 'authorize', token: ann.token })))
    }
    await using other = await connect(service.url, { token: ann.token })
    const times: number[] = []
    for (let i = 0; i < 51; i++) {
      const start = performance.now()
      expect((await other.ask('ping', {})).problem).toBeUndefined()
      expect((await fetch(`${service.url}/livez`)).status).toBe(200)
      times.push(performance.now() - start)
    }
    const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length
    const eachKb = ((residentMb(service) - before) * 1_024) / IDLE
    console.info(`${open} idle sockets: ${eachKb.toFixed(1)} KiB each, ping and /livez ${times.sort((a, b) => a - b)[25]!.toFixed(1)} ms`)
    expect(eachKb).toBeLessThan(EACH_KB)
    expect(times[25]).toBeLessThan(250)
    for (const socket of sockets) socket.terminate()
  })
})

async function idle({ url }: Service, localAddress: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + SOCKET_PATH, { localAddress, perMessageDeflate: false })
  socket.on('error', () => {})
  await once(socket, 'open')
  return socket
}

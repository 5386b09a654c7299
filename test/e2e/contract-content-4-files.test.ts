import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { describe, expect, it } from 'vitest'
import type { File, FileUrl } from '../../src/adapters/wire/schemas/files.ts'
import type { Message } from '../../src/adapters/wire/schemas/messages.ts'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'
import { dice } from '../support/simulated.ts'
import { eventually } from '../support/waiting.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const tus = ({ token }: SignedInClient, headers: Readonly<Record<string, string>> = {}) => ({
  'authorization': `Bearer ${token}`,
  'tus-resumable': '1.0.0',
  ...headers,
})

/** Sends the beginning of a request and cuts the connection once the network has taken it. */
const cut = (url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const sent = request(url, { method: 'PATCH', headers: { ...headers, 'content-length': String(body.length + 1) } })
    sent.on('error', () => resolve())
    sent.on('close', () => resolve())
    sent.write(body, () => setImmediate(() => sent.destroy()))
  })

interface CuttingLine extends AsyncDisposable {
  readonly url: string
  cuts(): number
}

/** A line whose connections go to the targets in turn, each cut once the client has sent so many bytes. */
async function cuttingLine(targets: readonly string[], patience: () => number): Promise<CuttingLine> {
  const sockets = new Set<Socket>()
  let [opened, cuts] = [0, 0]
  const server = createServer((client) => {
    const target = new URL(targets[opened++ % targets.length]!)
    const there = connect(Number(target.port), target.hostname)
    let left = patience()
    for (const socket of [client, there]) sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined))
    // What was sent before the cut arrives.
    client.on('close', () => there.end())
    there.on('close', () => client.destroy())
    client.on('data', (chunk) => {
      if (left < 0) return
      there.write(chunk.subarray(0, left))
      left -= chunk.length
      if (left >= 0) return
      cuts++
      // Whoever has begun to read has what came; what was not yet read goes with the connection.
      setTimeout(() => client.destroy(), 200)
    })
    there.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('files', { timeout: 120_000 }, () => {
  it.runIf(databases.includes('postgres'))('are uploaded to two processes by tus, cut again and again, once and whole', async () => {
    await using folder = await tempFolder()
    await using postgres = await freshDatabase()
    const env = { DATABASE_URL: postgres.url, FILES: `file:${join(folder.path, 'files')}` }
    await using one = await startService({ env })
    await using two = await startService({ env })
    const urls = [one.url, two.url]
    const anna = await httpClient(one.url).register('Anna')
    const bytes = randomBytes(300_000)
    const begun = await fetch(`${one.url}/api/v1/uploads`, {
      method: 'POST',
      headers: tus(anna, { 'upload-length': String(bytes.length), 'upload-metadata': `name ${Buffer.from('big.bin').toString('base64')}` }),
    })
    const place = begun.headers.get('location')!
    const offset = async (url: string) =>
      Number((await fetch(url + place, { method: 'HEAD', headers: tus(anna) })).headers.get('upload-offset'))
    for (let tries = 0, at = 0; tries < 40 && at < bytes.length; tries++) {
      const [here, there] = tries % 2 === 0 ? urls : [...urls].reverse()
      const headers = tus(anna, { 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' })
      const end = at + 1 + ((tries * 7_919) % 20_000)
      const part = bytes.subarray(at, end)
      const whole = { method: 'PATCH', headers, body: part }
      // One is cut, and another process gets the same offset at the same time.
      await Promise.all([cut(here! + place, headers, part), ...(tries % 3 === 0 ? [fetch(there! + place, whole)] : [])])
      at = await eventually(async () => {
        const now = await offset(there!)
        expect(await offset(here!)).toBe(now)
        return now
      })
    }
    const at = await offset(two.url)
    const headers = tus(anna, { 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' })
    expect((await fetch(two.url + place, { method: 'PATCH', headers, body: bytes.subarray(at) })).status).toBe(204)
    const id = place.split('/').at(-1)!
    const content = await fetch(`${one.url}/api/v1/files/${id}/content`, { headers: { authorization: `Bearer ${anna.token}` } })
    expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(sha256(bytes))
  })

  it.runIf(databases.includes('postgres'))(
    'are uploaded by tus-js-client over lines that are cut anywhere, each to another process',
    async () => {
      await using folder = await tempFolder()
      await using postgres = await freshDatabase()
      const env = { DATABASE_URL: postgres.url, FILES: `file:${join(folder.path, 'files')}`, RATE_LIMITS: 'off' }
      await using one = await startService({ env })
      await using two = await startService({ env })
      const { below } = dice(4_711)
      await using line = await cuttingLine([one.url, two.url], () => 1 + below(60_000))
      const anna = await httpClient(one.url).register('Anna')
      const bytes = randomBytes(300_000)
      const url = await new Promise<string>((resolve, reject) => {
        const upload = new Upload(bytes, {
          endpoint: `${line.url}/api/v1/uploads`,
          headers: { authorization: `Bearer ${anna.token}` },
          metadata: { name: 'big.bin', client_file_id: 'once' },
          retryDelays: Array.from({ length: 200 }, () => 10),
          onError: reject,
          onSuccess: () => resolve(upload.url!),
        })
        upload.start()
      })
      expect(line.cuts()).toBeGreaterThan(5)
      const id = url.split('/').at(-1)!
      for (const { url: base } of [one, two]) {
        const content = await fetch(`${base}/api/v1/files/${id}/content`, { headers: { authorization: `Bearer ${anna.token}` } })
        expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(sha256(bytes))
      }
    },
  )

  it('survive a restart, and travel with an export', async () => {
    await using folder = await tempFolder()
    const service = await startService({ folder: folder.path })
    const client = httpClient(service.url)
    const [anna, boris] = [await client.register('Anna'), await client.register('Boris')]
    const bytes = randomBytes(50_000)
    const { body: file } = await client.call<File>('post', '/files?name=a.bin', { token: anna.token, body: bytes })
    const content = { client_message_id: randomUUID(), attachments: [{ file_id: file.id }] }
    const sent = await anna.call<Message>('post', `/users/${boris.id}/messages`, content)
    expect(sent.body.attachments[0]!.file).toEqual(file)
    await service.stop()

    const run = async (...args: string[]) => {
      const { status, stdout } = await windiChat(folder.path, [...args, '--json'])
      return { status, answer: JSON.parse(stdout) }
    }
    expect((await run('doctor', '--files')).status).toBe(0)
    expect((await run('export', 'all.jsonl', '--files', 'bytes')).answer).toMatchObject({ files: { copied: 1, missing: [] } })
    const moved = await windiChat(folder.path, [
      'import',
      'all.jsonl',
      '--files',
      'bytes',
      '--database',
      'sqlite:elsewhere/new.db',
      '--json',
    ])
    expect(JSON.parse(moved.stdout)).toMatchObject({ file_bytes: { copied: 1, missing: [] } })
    await rm(join(folder.path, 'data/files'), { recursive: true })
    const examined = await run('doctor', '--files')
    expect([examined.status, JSON.stringify(examined.answer)]).toEqual([1, expect.stringContaining('1 of 1 are missing')])

    await using again = await startService({ folder: folder.path, env: { DATABASE_URL: 'sqlite:elsewhere/new.db' } })
    const who = await httpClient(again.url).login(boris.session.user.username!, boris.password)
    const { body } = await who.call<{ items: FileUrl[] }>('post', '/files/urls', { file_ids: [file.id] })
    const read = await fetch(again.url + body.items[0]!.url)
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('tell the limit that the settings name', async () => {
    await using service = await startService({ env: { FILE_LIMIT: '1KiB', DATABASE_URL: 'memory:' } })
    const client = httpClient(service.url)
    const { body } = await client.call<{ limits: { file_bytes: number } }>('get', '')
    expect(body.limits.file_bytes).toBe(1_024)
    const anna = await client.register('Anna')
    const refused = await client.call('post', '/files?name=x', { token: anna.token, body: randomBytes(5_000_000) })
    expect(refused).toMatchObject({ status: 413, body: { code: 'too-large', limit: 1_024 } })
  })
})

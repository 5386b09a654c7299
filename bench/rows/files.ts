import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { tempFolder } from '../../test/support/places.ts'
import type { Downloads, Sends, Uploads } from '../children/file-load.ts'
import type { Seen, StartFiles } from '../children/file-server.ts'
import { startChild } from '../measure/child.ts'
import type { Section } from '../measure/plan.ts'
import { makeWorld } from '../measure/world.ts'

const MIB = 1_048_576
const BOUND_MIB = 64
const BOUND_STALL_MS = 50

/** What uploads and downloads cost the process, and those who send beside them. */
export const files: Section = {
  name: 'files',
  rounds: 2,
  explains:
    'Uploads of different bytes by different users, all at once, into a folder: resident memory above that of the idle process, and the longest time in which its event loop did nothing else. The p99 of messages that one user sends one after the other for as long as such uploads last, and as long without them. A file read by ranges of 1 MiB at a signed address, beside a bare `createReadStream`.',
  async prepare(bench) {
    const [count, mebibytes] = bench.scale.isSmoke ? [4, 1] : [100, 25]
    const postgres = await bench.postgres()
    const world = await makeWorld(postgres.url, count + 2)
    const chatId = (await world.pairs(1))[0]!
    const folder = await tempFolder('bench-files')
    const [server, load, sender] = ['file-server', 'file-load', 'file-load'].map((name) => startChild(`children/${name}.ts`)) as [
      ReturnType<typeof startChild>,
      ReturnType<typeof startChild>,
      ReturnType<typeof startChild>,
    ]
    const start: StartFiles = { databaseUrl: world.url, jwtSecret: world.secret, folder: join(folder.path, 'files') }
    const port = Number(await server.ask('start', start))
    const tokens = world.people.slice(2).map(({ token }) => token)
    const { token } = world.people[0]!
    /** How long the last uploads have lasted. */
    let lastedMs = 1_000 * bench.scale.seconds
    async function upload() {
      const began = performance.now()
      await load.ask('upload', { port, tokens, bytes: mebibytes * MIB } satisfies Uploads)
      lastedMs = performance.now() - began
    }
    /** Of the messages that are sent while something else lasts. */
    const p99 = async (meanwhile: () => Promise<unknown>) => {
      const sending = sender.ask<number[]>('send', { port, token, chatId } satisfies Sends)
      await meanwhile()
      await sender.ask('enough')
      const took = (await sending).sort((a, b) => a - b)
      return took[Math.floor(took.length * 0.99)]!
    }
    const bytes = 4 * MIB
    const stream = startChild('baselines/file-stream.ts')
    const path = join(folder.path, 'bare.bin')
    await writeFile(path, randomBytes(bytes))
    const barePort = await stream.ask<number>('start', { path, bytes })
    const signed = await signedFile({ port, token, bytes })
    const read = (url: string) => load.ask<number>('download', { url, bytes, piece: MIB, seconds: bench.scale.seconds } satisfies Downloads)

    return {
      plans: [
        {
          title: `${count} uploads of ${mebibytes} MiB at once: resident memory above idle`,
          unit: 'MiB',
          limitIs: 'the bound',
          target: { is: 'at most', ratio: 1 },
          async subject() {
            await server.ask('watch')
            await upload()
            const seen = await server.ask<Seen>('seen')
            return { value: seen.mebibytes, p99: seen.stallMs }
          },
          limit: async () => ({ value: BOUND_MIB }),
          also: [
            {
              title: `${count} uploads of ${mebibytes} MiB at once: longest stall`,
              unit: 'ms',
              limitIs: 'the bound',
              target: { is: 'at most', ratio: 1 },
              of: ({ p99 }) => (p99 === undefined ? undefined : { subject: p99, limit: BOUND_STALL_MS }),
            },
          ],
        },
        {
          title: `p99 of a message beside ${count} uploads`,
          unit: 'ms',
          limitIs: 'the same without uploads',
          target: { is: 'at most', ratio: 1.2 },
          subject: async () => ({ value: await p99(upload) }),
          limit: async () => ({ value: await p99(() => pause(lastedMs)) }),
        },
        {
          title: 'A file by ranges of 1 MiB',
          unit: 'MiB/s',
          limitIs: 'a bare stream',
          target: { is: 'at least', ratio: 0.7 },
          subject: async () => ({ value: await read(signed) }),
          limit: async () => ({ value: await read(`http://127.0.0.1:${barePort}/`) }),
        },
      ],
      async close() {
        await Promise.all([server, load, sender, stream].map((child) => child.stop()))
        await world.close()
        await folder.remove()
      },
    }
  },
}

interface Signed {
  readonly port: number
  readonly token: string
  readonly bytes: number
}

/** The address of an uploaded file that needs no token. */
async function signedFile({ port, token, bytes }: Signed): Promise<string> {
  const base = `http://127.0.0.1:${port}`
  const authorization = `Bearer ${token}`
  const uploaded = await fetch(`${base}/api/v1/files?name=read.bin`, {
    method: 'POST',
    headers: { authorization },
    body: randomBytes(bytes),
  })
  const { id } = (await uploaded.json()) as { id: string }
  const headers = { authorization, 'content-type': 'application/json' }
  const urls = await fetch(`${base}/api/v1/files/urls`, { method: 'POST', headers, body: JSON.stringify({ file_ids: [id] }) })
  const { items } = (await urls.json()) as { items: { url: string }[] }
  return new URL(items[0]!.url, base).href
}

import { createServer, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { listening } from '../support/http-server.ts'
import { type Service, startService } from '../support/service.ts'
import { sql } from '../support/sql.ts'
import { eventually } from '../support/waiting.ts'

const KILLS = 4
const CHATS = 3

interface Posted {
  readonly data: { readonly chat_id: string; readonly events: readonly { readonly seq: number }[] }
}

/** A receiver that checks the order of what it gets, and can be had to sit on a request. */
async function watchful() {
  const got = new Map<string, number>()
  const faults: string[] = []
  const refused = new Set<string>()
  let [repeats, count] = [0, 0]
  let onHeld: ((response: ServerResponse) => void) | undefined

  function take({ data: { chat_id: chat, events } }: Posted): void {
    const last = got.get(chat) ?? 0
    const seqs = events.map(({ seq }) => seq)
    if (seqs[0]! > last + 1) faults.push(`${chat}: ${seqs[0]} after ${last}`)
    if (seqs[0]! <= last) repeats++
    got.set(chat, Math.max(last, seqs.at(-1)!))
  }

  /** Some are refused once: what waits longer has been tried elsewhere. */
  function isRefused({ data: { chat_id: chat, events } }: Posted): boolean {
    const name = `${chat} ${events[0]!.seq}`
    if (count % 5 > 0 || refused.has(name)) return false
    refused.add(name)
    return true
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    count++
    const hold = onHeld
    onHeld = undefined
    // Half of those who are killed have been answered as far as the receiver knows.
    const posted = JSON.parse(Buffer.concat(chunks).toString()) as Posted
    if (!hold || count % 2 === 0) take(posted)
    if (hold) hold(response)
    else response.writeHead(isRefused(posted) ? 500 : 204).end()
  })
  return {
    ...(await listening(server)),
    got,
    faults,
    repeats: () => repeats,
    /** Resolves when a request has come that is not answered until it is let go. */
    held: () => new Promise<ServerResponse>((resolve) => (onHeld = resolve)),
  }
}

describe.each(databases.filter((kind) => kind === 'postgres'))(
  'two processes on %s, of which one is killed while a webhook has its request',
  (_kind) => {
    let database: Awaited<ReturnType<typeof freshDatabase>>
    let to: Awaited<ReturnType<typeof watchful>>
    let processes: Service[]
    beforeAll(async () => {
      ;[database, to] = await Promise.all([freshDatabase(), watchful()])
      processes = [await start()]
    })
    afterAll(async () => {
      await Promise.all((processes ?? []).map((process) => process.stop()))
      await to?.close()
      await database?.drop()
    })
    const env = () => ({ DATABASE_URL: database.url, LOG_LEVEL: 'warn' })
    const start = () => startService({ env: env() })
    const run = (statement: string) => sql(database.url, statement)

    it('deliver every event at least once, in order in each chat, without a hole', { timeout: 180_000, retry: 0 }, async () => {
      const { key } = JSON.parse(
        (await windiChat(processes[0]!.folder, ['key', 'add', '--name', 'H', '--scopes', 'hooks', '--json'], { env: env() })).stdout,
      ) as { key: string }
      const client = () => httpClient(processes[0]!.url)
      const ann = await client().register('Ann')
      const chats = await Promise.all(Array.from({ length: CHATS }, (_, i) => newGroup(ann, `${i}`)))
      const made = await client().call('post', '/service/hooks', { body: { url: to.url, from: '2000-01-01T00:00:00Z' }, token: key })
      expect(made.status).toBe(201)
      await eventually(async () => expect(await run('select name from leases')).toHaveLength(1), { timeoutMs: 20_000 })
      processes.push(await start())
      const send = async (chat: string, name: string) =>
        client().call('post', `/chats/${chat}/messages`, { body: { client_message_id: name, text: name }, token: ann.token })

      for (let kill = 0; kill < KILLS; kill++) {
        const held = to.held()
        for (const chat of chats) for (let i = 0; i < 5; i++) expect((await send(chat, `${kill} ${i}`)).status).toBe(201)
        const response = await held
        // Whoever has been there longer has the lease.
        await processes.shift()!.kill('SIGKILL')
        response.destroy()
        // The other one need not wait until the lease of one that is dead is over.
        await run('update leases set until = 0')
        await eventually(async () => expect(await run('select name from leases where until = 0')).toEqual([]), { timeoutMs: 20_000 })
        processes.push(await start())
      }
      const heads = async () =>
        new Map((await run('select id, head_seq from chats')).map((row) => [row.id as string, Number(row.head_seq)]))
      await eventually(async () => expect(to.got).toEqual(await heads()), { timeoutMs: 90_000, everyMs: 100 })
      expect(to.faults).toEqual([])
      expect(to.repeats()).toBeGreaterThan(0)
      expect(await run('select * from dead')).toEqual([])
    })
  },
)

async function newGroup(ann: SignedInClient, name: string): Promise<string> {
  return (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name, member_ids: [] })).body.id
}

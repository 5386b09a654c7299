import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createChat, memoryPersist } from '../../src/client/index.ts'
import { freshDatabase } from '../support/databases.ts'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'
import { sql } from '../support/sql.ts'
import { eventually } from '../support/waiting.ts'

interface Page {
  readonly items: readonly (Readonly<Record<string, unknown>> | null)[]
  readonly head: number
}

/**
 * A newer version, which writes a kind of event that this one does not know, beside two processes of this one: it is played by statements
 * that commit what such a version would, without a notice to anybody.
 */
describe('a kind of event of a newer version', { timeout: 60_000 }, () => {
  const closers: (() => Promise<unknown>)[] = []
  let url: string
  let processes: readonly Service[]
  let [ann, bob]: SignedInClient[] = []
  let chat: string

  beforeAll(async () => {
    const database = await freshDatabase()
    closers.push(database.drop)
    url = database.url
    processes = await Promise.all([1, 2].map(() => startService({ env: { DATABASE_URL: url, LOG_LEVEL: 'warn' } })))
    closers.push(() => Promise.all(processes.map((service) => service.stop())))
    ann = await httpClient(processes[0]!.url).register('Ann')
    bob = await httpClient(processes[1]!.url).register('Bob')
  })
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })

  async function scene() {
    const { body } = await ann!.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Two', member_ids: [bob!.id] })
    chat = body.id
    await say('before')
  }

  let said = 0
  const say = async (text: string) =>
    (await ann!.call<{ seq: number }>('post', `/chats/${chat}/messages`, { client_message_id: `k${++said}`, text })).body.seq

  async function plant(): Promise<number> {
    const payload = JSON.stringify({ messageId: chat, depth: 7 })
    const [row] = await sql(
      url,
      `with moved as (update chats set head_seq = head_seq + 1 where id = '${chat}' returning head_seq, head_at)
       insert into events (chat_id, seq, type, actor_id, at, payload)
       select '${chat}', head_seq, 'message.probe', '${ann!.id}', head_at, '${payload}' from moved returning seq`,
    )
    return Number(row!.seq)
  }

  const common = (seq: number) => ({ chat_id: chat, seq, at: expect.any(String), actor_id: ann!.id, type: 'message.probe' })

  it('comes to open sockets with its common members alone, and what follows comes after it', async () => {
    await scene()
    const sockets = await Promise.all(processes.map((service) => connect(service.url, { token: bob!.token })))
    for (const socket of sockets) {
      onTestFinished(() => socket.close())
      await socket.resume()
    }
    const seq = await plant()
    const next = await say('after')
    expect(next).toBe(seq + 1)
    for (const socket of sockets) {
      await socket.first('event', ({ event }) => event.seq === next)
      expect(socket.of('event').map(({ event }) => event)).toEqual([
        common(seq),
        expect.objectContaining({ seq: next, type: 'message.sent' }),
      ])
    }
  })

  it('comes without any later event, by the poll', async () => {
    await scene()
    const socket = await connect(processes[1]!.url, { token: bob!.token })
    onTestFinished(() => socket.close())
    await socket.resume()
    const seq = await plant()
    expect((await socket.first('event')).event).toEqual(common(seq))
    expect((await socket.get('ping', {})).heads[chat]).toBe(seq)
  })

  it('is in pages of the log, in a fetch and in what a resume brings; nothing is null', async () => {
    await scene()
    const seq = await plant()
    await say('after')
    for (const { url: base } of processes) {
      const { status, body } = await httpClient(base).call<Page>('get', `/chats/${chat}/events?after=${seq - 1}`, { token: bob!.token })
      expect([status, body.head, body.items]).toEqual([200, seq + 1, [common(seq), expect.objectContaining({ type: 'message.sent' })]])
      const socket = await connect(base, { token: bob!.token })
      onTestFinished(() => socket.close())
      await socket.resume({ [chat]: seq - 1 })
      expect(socket.of('event').map(({ event }) => event)).toEqual([common(seq), expect.objectContaining({ seq: seq + 1 })])
      const { events } = await socket.get('fetch', { chat_id: chat, after: seq - 1 })
      expect(events).toEqual([common(seq), expect.objectContaining({ seq: seq + 1 })])
    }
  })

  it('is passed over by a client, which shows and sends what follows', async () => {
    await scene()
    const client = createChat({ url: processes[1]!.url, auth: { getToken: async () => bob!.token }, persist: memoryPersist() })
    onTestFinished(() => client.close())
    const errors: unknown[] = []
    client.on('error', (error) => errors.push(error))
    client.chat(chat).open()
    client.start()
    const texts = () =>
      client
        .chat(chat)
        .timeline.get()
        .rows.map(({ text }) => text)
    await eventually(() => expect(texts()).toEqual(['before']))
    await plant()
    await say('after')
    await eventually(() => expect(texts()).toEqual(['before', 'after']))
    await plant()
    client.chat(chat).send('mine')
    await eventually(() => expect(texts()).toEqual(['before', 'after', 'mine']))
    await eventually(() => expect(client.outbox.get()).toEqual([]))
    expect(errors).toEqual([])
  })
})

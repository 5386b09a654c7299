import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { busFaults, type Fault, faults, type Node, type Scenery } from './faults.ts'
import { httpClient } from './http-client.ts'
import { type ModelClient, modelClient } from './model-client.ts'
import { startPostgres } from './postgres.ts'
import { type Ending, type Entry, loggedOf, type ShownContent, type View, type WireEvent } from './recording.ts'
import { check, type Verdict } from './recording-checks.ts'
import { startRedis } from './redis.ts'
import { FORGOTTEN, type Sabotage } from './saboteurs.ts'
import { startService } from './service.ts'
import { sql } from './sql.ts'
import { tcpProxy } from './tcp-proxy.ts'
import { eventually } from './waiting.ts'

/** `lying`: Redis, but what it brings is lost, repeated and late. */
export type BusKind = 'postgres' | 'redis' | 'lying' | 'none'

export interface CampaignOptions {
  readonly seconds: number
  readonly bus: BusKind
  readonly processes?: number
  readonly clients?: number
  readonly chats?: number
  /** Between two things that one person does in one chat. */
  readonly paceMs?: number
  /** It goes on until so many kinds of faults have happened. */
  readonly leastKinds?: number
  /** How long faults and the time between them last, against what is usual. */
  readonly scale?: number
  /** What is wrong with the processes on purpose. */
  readonly sabotage?: Sabotage
  /** Told now and then how far it is. */
  readonly progress?: (text: string) => void
  readonly random?: () => number
}

export interface CampaignReport extends Verdict {
  readonly bus: BusKind
  readonly seconds: number
  readonly processes: number
  readonly clients: number
  readonly operations: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** From the last send on until everybody had everything. */
  readonly settledAfterMs: number
  /** What the processes complained of and did not expect, at most ten. */
  readonly defects: readonly string[]
}

/** Processes that are not the built program, by what is odd about them. */
const busless = fileURLToPath(new URL('./serve-without-bus.ts', import.meta.url))
const lying = fileURLToPath(new URL('./serve-with-lying-bus.ts', import.meta.url))
const sabotaged = fileURLToPath(new URL('./serve-sabotaged.ts', import.meta.url))
/** People go on while nothing is wrong any longer. */
const CALM = 3_000
/** Members change so many times less often than anything else happens in a chat. */
const CHANGES_EVERY = 7
/** Within so much marks are told. */
const RECEIPTS = 1_500
const EMOJI = ['👍', '❤️', '🎉', '1️⃣']
/** Of the first character of a text: the owner, who always stays, or everybody. */
const mention = (userId: string, isAll: boolean) => ({
  ...(isAll ? { kind: 'all' } : { kind: 'user', user_id: userId }),
  start: 0,
  length: 1,
})
/** For what is under way when nothing is wrong any longer. */
const PATIENCE = 25_000

/** Real processes on a real Postgres, people who write, read and come and go, and everything that can go wrong. */
export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const { seconds, bus, processes = 2, clients: people = 8, chats = 4, paceMs = 300 } = options
  const { scale = 1, leastKinds = 1, sabotage, progress = () => {}, random = Math.random } = options
  const closers: (() => Promise<unknown>)[] = []
  const entries: Entry[] = []
  const operations: Record<string, number> = {}
  const happened: Record<string, number> = {}
  const count = (what: string) => (operations[what] = (operations[what] ?? 0) + 1)
  let onSend: (() => void)[] = []
  const record = (entry: Entry) => {
    entries.push(entry)
    if (entry.type !== 'sent') return
    for (const tell of onSend) tell()
    onSend = []
  }

  try {
    const postgres = await postgresOf()
    const redis = bus === 'redis' || bus === 'lying' ? await redisOf() : undefined
    const env = {
      DATABASE_URL: postgres.line.url,
      REDIS_URL: redis?.line.url,
      ACCESS_TOKEN_TTL: '1d',
      LOG_LEVEL: 'warn',
      JWT_SECRET: 'of no worth, and long enough for the service to take it',
    }
    const nodes: Node[] = []
    for (let i = 0; i < processes; i++) nodes.push(await nodeOf(env))
    const clients = await signedUp(nodes)
    const groups = await Promise.all(Array.from({ length: chats }, (_, i) => madeBy(clients[i % people]!, clients, `Chat ${i}`)))
    await Promise.all(clients.map((client) => client.level()))
    progress(`${processes} processes, ${people} people, ${chats} chats, bus: ${bus}`)

    const until = performance.now() + seconds * 1_000
    let calmFrom = Number.POSITIVE_INFINITY
    const isOn = () => performance.now() < until || Object.keys(happened).length < leastKinds
    const goesOn = () => performance.now() < calmFrom + CALM
    const scenery: Scenery = { nodes, postgres, redis, random, scale, nextSend: () => new Promise((resolve) => onSend.push(resolve)) }
    const work = [
      ...clients.flatMap((client) => groups.map((group) => writes(client, group, goesOn))),
      ...groups.map((group) => directs(group, clients, goesOn)),
    ]
    await disturb(scenery, isOn)
    progress('Everything is whole again; what is under way is finished')
    calmFrom = performance.now()
    // Most are where the last fault has sent them: together.
    for (const client of clients) client.drop()
    await Promise.race([Promise.all(work), pause(PATIENCE)])
    await atRest(clients, groups)
    const settledAfterMs = Math.max(0, Math.round(performance.now() - calmFrom - CALM))
    await pause(RECEIPTS)
    const ending = await endingOf(clients, groups, postgres.server.url)
    const defects = nodes.flatMap(({ service }) => unexpected(service.logs())).slice(0, 10)
    const counted = { ...operations, deliveries: entries.filter(({ type }) => type === 'applied').length }
    const facts = { bus, seconds, processes, clients: people, operations: counted, faults: happened, settledAfterMs, defects }
    return { ...facts, ...check({ entries, ending }) }
  } finally {
    for (const close of closers.reverse()) await close().catch((error: unknown) => progress(`Closing: ${String(error)}`))
  }

  async function postgresOf() {
    const server = await startPostgres()
    return reached(server, server.remove)
  }

  async function redisOf() {
    const server = await startRedis()
    return reached(server, server.stop)
  }

  /** By a line that can be spoilt. */
  async function reached<Server extends { readonly url: string }>(server: Server, stop: () => Promise<void>) {
    closers.push(stop)
    const line = await tcpProxy(server.url)
    closers.push(line.close)
    return { server, line }
  }

  async function nodeOf(env: Record<string, string | undefined>): Promise<Node> {
    const odd = { none: busless, lying, postgres: undefined, redis: undefined }[bus]
    const program = sabotage ? { program: sabotaged, args: [sabotage] } : odd ? { program: odd, args: [] } : {}
    const service = await startService({ env, ...program })
    const line = await tcpProxy(service.url)
    const { port, folder } = service
    const node: Node = {
      service,
      line,
      async start() {
        const before = node.service.logs()
        const again = await startService({ env, port, folder, ...program })
        node.service = { ...again, logs: () => before + again.logs() }
      },
    }
    closers.push(
      () => service.stop(),
      () => node.service.stop(),
      () => line.close(),
    )
    return node
  }

  async function signedUp(nodes: readonly Node[]): Promise<ModelClient[]> {
    const http = httpClient(nodes[0]!.service.url)
    const urls = nodes.map(({ line }) => line.url.replace(/\/$/, ''))
    const clients: ModelClient[] = []
    for (let i = 0; i < people; i++) {
      const { id: user, token } = await http.register(`Person ${i}`)
      // Half of them name their device: its latest line is never sent away as an older one.
      const client = modelClient({ user, token, urls, record, random, ...(i % 2 === 0 && { deviceId: `device ${i}` }) })
      clients.push(client)
      closers.push(client.stop)
    }
    return clients
  }

  async function madeBy(owner: ModelClient, clients: readonly ModelClient[], name: string): Promise<Group> {
    const body = { kind: 'group', name, member_ids: clients.map(({ user }) => user) }
    const { body: chat } = await owner.call('POST', '/chats', body)
    return { id: chat.id as string, owner, written: [] }
  }

  /** One person in one chat: what they send there, they send one after another. */
  async function writes(client: ModelClient, { id: chat, owner, written }: Group, isOn: () => boolean): Promise<void> {
    const own: { id: string; seq: number }[] = []
    for (let n = 1; isOn(); ) {
      await pause(paceMs * (0.5 + random()))
      if (!client.cursors.has(chat)) continue
      const what = random()
      const some = own[Math.floor(random() * own.length)]
      if (what < 0.47) {
        count('send_message')
        const more = random() < 0.2 ? { mentions: [mention(owner.user, random() < 0.3)] } : {}
        const sent = await client.send(chat, `${client.user} ${n}`, `${n}: ${'words '.repeat(1 + Math.floor(random() * 30))}`, n++, more)
        if (sent && own.length < 50) own.push(sent)
        if (sent) written.push(sent.id)
      } else if (what < 0.62) await reacts(client, chat, written[Math.floor(random() * written.length)])
      else if (what < 0.82) await tries(client, { type: 'mark_read', chat_id: chat, seq: client.cursors.get(chat) ?? 1 })
      else if (what < 0.85 && some) await tries(client, { type: 'edit_message', chat_id: chat, message_id: some.id, text: `other ${n++}` })
      else if (what < 0.88 && some) {
        const mentions = random() < 0.5 ? [] : [mention(owner.user, random() < 0.3)]
        await tries(client, { type: 'edit_message', chat_id: chat, message_id: some.id, text: `1234 ${n++}`, mentions })
      } else if (what < 0.91 && some) await tries(client, { type: 'delete_message', chat_id: chat, message_id: some.id })
      else if (what < 0.96) await tries(client, { type: 'typing', chat_id: chat, active: true })
      else await tries(client, { type: 'join_chat', chat_id: chat })
    }
  }

  /** Somebody reacts to a message, or takes it back, over either transport; one thing after another. */
  async function reacts(client: ModelClient, chat: string, message: string | undefined): Promise<void> {
    if (message === undefined) return
    const emoji = EMOJI[Math.floor(random() * EMOJI.length)]!
    const on = random() < 0.6
    const entry = { by: client.user, chat, message, emoji, on }
    const type = on ? 'add_reaction' : 'remove_reaction'
    count(type)
    record({ type: 'reacts', ...entry })
    if (random() < 0.3) {
      // Tried until somebody answers: an attempt that was not answered may still be carried out later.
      await client
        .call(on ? 'PUT' : 'DELETE', `/chats/${chat}/messages/${message}/reactions/${encodeURIComponent(emoji)}`)
        .catch(() => undefined)
      return
    }
    const result = await client.command({ type, chat_id: chat, message_id: message, emoji }).catch(() => undefined)
    if (result) record({ type: 'reacted', ...entry })
  }

  /** What may be done or not. */
  async function tries(client: ModelClient, frame: { type: string; chat_id: string; [member: string]: unknown }): Promise<void> {
    count(frame.type)
    if (frame.type === 'mark_read') record({ type: 'marks', by: client.user, chat: frame.chat_id, seq: frame.seq as number })
    const result = await client.command(frame).catch(() => undefined)
    if (frame.type === 'mark_read' && result)
      record({ type: 'marked', by: client.user, chat: frame.chat_id, seq: result.read_seq as number })
  }

  /**
   * Who is in the chat changes now and then: one change after another, each until it is done. Who was removed often looks whether that is
   * so, on a new line.
   */
  async function directs({ owner, id: chat, written }: Group, clients: readonly ModelClient[], isOn: () => boolean): Promise<void> {
    const out = new Set<string>()
    const others = clients.map((client) => client.user).filter((user) => user !== owner.user)
    while (isOn()) {
      await pause(CHANGES_EVERY * paceMs * (0.5 + random()))
      const some = written[Math.floor(random() * written.length)]
      if (some !== undefined) {
        count('pin')
        await owner.call(random() < 0.7 ? 'PUT' : 'DELETE', `/chats/${chat}/messages/${some}/pin`)
      }
      const from = out.size > 0 && random() < 0.6 ? [...out] : others
      const user = from[Math.floor(random() * from.length)]!
      const to = out.has(user) ? 'in' : 'out'
      record({ type: 'changes-member', chat, user, to })
      if (to === 'in') {
        count('add_members')
        await owner.call('POST', `/chats/${chat}/members`, { user_ids: [user] })
        out.delete(user)
      } else {
        count('remove_member')
        await owner.call('DELETE', `/chats/${chat}/members/${user}`)
        out.add(user)
        if (random() < 0.5) clients.find((client) => client.user === user)!.drop()
      }
    }
  }

  async function disturb(scenery: Scenery, isOn: () => boolean): Promise<void> {
    const kinds: [string, Fault][] = [...Object.entries(faults), ...Object.entries(busFaults[bus])]
    let left: [string, Fault][] = []
    while (isOn()) {
      await pause(scale * (500 + random() * 2_500))
      if (left.length === 0) left = kinds.toSorted(() => random() - 0.5)
      const [name, fault] = left.pop()!
      progress(`${name} (${entries.length} entries)`)
      await fault(scenery)
      happened[name] = (happened[name] ?? 0) + 1
    }
  }
}

type Group = {
  readonly id: string
  readonly owner: ModelClient
  /** Ids of messages. */
  readonly written: string[]
}

async function logOf({ id, owner }: Group): Promise<WireEvent[]> {
  const log: WireEvent[] = []
  for (;;) {
    const path = `/chats/${id}/events?limit=100&after=${log.at(-1)?.seq ?? 0}`
    const { status, body } = await owner.call('GET', path)
    if (status !== 200) throw new Error(`${path} answers ${status}`)
    const items = body.items as WireEvent[]
    log.push(...items)
    if (items.length < 100) return log
  }
}

/** Waits until everybody has what there is. Who never gets it is found by the checker. */
async function atRest(clients: readonly ModelClient[], groups: readonly Group[]): Promise<void> {
  const heads = new Map<string, number>()
  for (const group of groups) heads.set(group.id, (await logOf(group)).length)
  await eventually(
    () => {
      for (const { cursors, isLevel } of clients) {
        if (!isLevel()) throw new Error('Somebody is not level')
        for (const [chat, cursor] of cursors) if (cursor !== heads.get(chat)) throw new Error('Somebody is behind')
      }
    },
    { timeoutMs: 30_000, everyMs: 50 },
  ).catch(() => undefined)
}

async function endingOf(clients: readonly ModelClient[], groups: readonly Group[], databaseUrl: string): Promise<Ending> {
  const keys = new Map<string, string>()
  for (const { id, client_message_id } of await sql(databaseUrl, 'select id, client_message_id from messages'))
    keys.set(String(id), String(client_message_id).replace(FORGOTTEN, ''))
  const chats = []
  for (const group of groups) chats.push({ id: group.id, log: (await logOf(group)).map((event) => loggedOf(event, keys)) })
  const logs = new Map(chats.map(({ id, log }) => [id, log]))
  const ending = []
  for (const client of clients) {
    const views: Record<string, View> = {}
    for (const { id } of groups) {
      const { status, body } = await client.call('GET', `/chats/${id}`)
      if (status !== 200) continue
      const content = await contentOf(client, id, reactedIn(logs.get(id)!))
      const readSeq = (body.me as { read_seq: number }).read_seq
      views[id] = { readSeq, unread: body.unread as number, unreadMentions: body.unread_mentions as number, content }
    }
    ending.push({ user: client.user, cursors: Object.fromEntries(client.cursors), views })
  }
  return { chats, clients: ending }
}

/** The latest messages that somebody has reacted to. */
const reactedIn = (log: Ending['chats'][number]['log']): readonly string[] =>
  [...new Set(log.flatMap(({ changes, about }) => (changes && about !== undefined ? [about] : [])))].slice(-20)

async function contentOf(client: ModelClient, chat: string, ids: readonly string[]): Promise<ShownContent> {
  const messages = await Promise.all(
    ids.map(async (id) => {
      const { body } = await client.call('GET', `/chats/${chat}/messages/${id}`)
      const reactions = (body.reactions as { emoji: string; count: number }[]).map(({ emoji, count }) => `${emoji} ${count}`)
      return { id, reactions, mine: body.my_reactions as string[] }
    }),
  )
  const { body } = await client.call('GET', `/chats/${chat}/pins`)
  return { messages, pins: (body.items as { message: { id: string } }[]).map(({ message }) => message.id) }
}

/** Lines of the log that tell of a defect: neither of a lost connection, nor of one that is opened again. */
function unexpected(log: string): string[] {
  return log.split('\n').filter((line) => /"level":(60|"fatal")|A defect that nobody|a promise failed|defect:/i.test(line))
}

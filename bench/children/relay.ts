import { createECDH, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { inProcessBuses } from '../../src/adapters/bus/in-process.ts'
import type { Caller } from '../../src/application/caller.ts'
import { type ChatId, type ClientMessageId, type SessionId, SYSTEM_ID } from '../../src/domain/ids.ts'
import type { Server } from '../../src/main/server.ts'
import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'

/** A service that delivers, or one beside it that only sends. */
const { createServer } = await built('server')

export interface StartRelay {
  readonly databaseUrl: string
  readonly jwtSecret: string
  readonly delivers: boolean
  readonly hasBus: boolean
}
export interface Hooks {
  readonly url: string
  readonly count: number
  readonly batch?: number
  readonly from?: number
}
export interface RelaySender {
  readonly caller: Caller
  readonly chatId: ChatId
}
export interface BeginRelay {
  readonly senders: readonly RelaySender[]
  /** Milliseconds that each waits after an answer. */
  readonly everyMs: number
}

const OPERATOR: Caller = { userId: SYSTEM_ID, sessionId: SYSTEM_ID as string as SessionId, via: 'key', scopes: ['hooks'] }

let server: Server
let isOn = false
let workers: Promise<void>[] = []
let done = tally()
const nextKey = keys()

const send = ({ caller, chatId }: RelaySender) =>
  server.api.sendMessage(caller, { chatId, clientMessageId: nextKey() as ClientMessageId, text: TEXT })

async function sendOn(sender: RelaySender, everyMs: number): Promise<void> {
  while (isOn) {
    const sentAt = performance.now()
    await send(sender)
    done.count()
    done.took(sentAt)
    if (everyMs > 0) await pause(everyMs)
  }
}

answering({
  async start({ databaseUrl, jwtSecret, delivers, hasBus }: StartRelay) {
    const ports = { ...(!delivers && { sinks: () => undefined }), ...(!hasBus && { bus: inProcessBuses()() }) }
    server = await createServer({ databaseUrl, jwtSecret, port: 0, rateLimits: false, pushHosts: ['127.0.0.1'], ports })
  },
  async hooks({ url, count, batch = 1, from }: Hooks) {
    const { items } = await server.api.listHooks(OPERATOR, { limit: 100 })
    for (const { id } of items) await server.api.deleteHook(OPERATOR, id)
    for (let i = 0; i < count; i++) await server.api.createHook(OPERATOR, { url: `${url}/${i}`, batch, from })
  },
  /** One device for each. */
  async devices({ url, callers }: { readonly url: string; readonly callers: readonly Caller[] }) {
    const browser = createECDH('prime256v1')
    const keys = { p256dh: browser.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') }
    const device = { id: 'phone', kind: 'web', keys, content: 'full', level: undefined } as const
    for (const [i, caller] of callers.entries()) await server.api.keepPushDevice(caller, { ...device, endpoint: `${url}/push/${i}` })
  },
  /** One after the other, by each of these in turn. */
  async send({ by, count, everyMs }: { readonly by: readonly RelaySender[]; readonly count: number; readonly everyMs: number }) {
    for (let i = 0; i < count; i++) {
      await send(by[i % by.length]!)
      if (everyMs > 0) await pause(everyMs)
    }
  },
  begin({ senders, everyMs }: BeginRelay) {
    isOn = true
    done = tally()
    workers = senders.map((sender) => sendOn(sender, everyMs))
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await Promise.all(workers)
  },
})

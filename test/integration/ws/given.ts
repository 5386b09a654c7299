import { randomUUIDv7 } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type ChatSockets, type ChatSocketsOptions, chatSockets } from '../../../src/adapters/ws/chat-sockets.ts'
import type { Caller, ChatApi } from '../../../src/application/chat-api.ts'
import type { ChatId, ClientMessageId } from '../../../src/domain/ids.ts'
import type { OutboundPorts } from '../../../src/main/compose.ts'
import { type Config, defaultConfig } from '../../../src/main/config.ts'
import { type Opened, openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { listening, plainPasswords } from '../../support/http-server.ts'
import { connect, type SocketClient, type SocketOptions } from '../../support/socket-client.ts'
import { type HandClock, handClock } from '../../support/waiting.ts'

export interface Somebody extends Caller {
  readonly token: string
  readonly name: string
}

export interface Given extends AsyncDisposable {
  readonly app: Opened
  readonly api: ChatApi
  readonly sockets: ChatSockets
  readonly clock: HandClock
  readonly url: string
  readonly http: Server
  /** What was thrown and is no refusal. */
  readonly defects: object[]
  /** Moves the clock and looks after the sockets. */
  pass(ms: number): void
  person(name: string): Promise<Somebody>
  /** A new token of somebody's session. */
  renewed(somebody: Somebody): Promise<string>
  connect(somebody?: Somebody, options?: SocketOptions): Promise<SocketClient>
  /** A socket that has resumed. */
  live(somebody: Somebody, options?: SocketOptions): Promise<SocketClient>
  group(owner: Somebody, ...others: Somebody[]): Promise<ChatId>
  say(somebody: Somebody, chatId: ChatId, text: string): ReturnType<ChatApi['sendMessage']>
}

export type GivenOptions = Partial<ChatSocketsOptions> & { readonly ports?: Partial<OutboundPorts>; readonly config?: Partial<Config> }

/** Sockets on a port of their own before an application on memory, whose clock stands still. */
export async function given({ ports, config, ...options }: GivenOptions = {}): Promise<Given> {
  const clock = handClock()
  const app = await openApplication({
    config: { ...defaultConfig(), databaseUrl: 'memory:', rateLimits: false, ...config },
    log: silent(),
    ports: { passwords: plainPasswords, clock: clock.now, ...ports },
  })
  const { api } = app
  const defects: object[] = []
  const { newId, random, limiter } = app.ports
  const sockets = chatSockets({
    api,
    hub: app.hub,
    activity: app.activity,
    limiter,
    clock: clock.now,
    newId,
    random,
    epoch: await api.epoch(),
    log: { error: (facts) => void defects.push(facts) },
    ...options,
  })
  const http = createServer()
  sockets.attach(http)
  const { url, close } = await listening(http)
  const clients: SocketClient[] = []
  const sessions = new Map<string, string>()

  async function connected(somebody?: Somebody, more: SocketOptions = {}): Promise<SocketClient> {
    const client = await connect(url, { token: somebody?.token, ...more })
    clients.push(client)
    return client
  }

  return {
    app,
    api,
    sockets,
    clock,
    url,
    http,
    defects,
    pass(ms) {
      clock.advance(ms)
      sockets.tick()
    },
    async person(name) {
      const email = `${randomUUIDv7()}@example.com`
      const signedIn = await api.register({ address: 'here' }, { name, email, password: 'a battery of horses' })
      const { user, sessionId, accessToken: token, refreshToken } = signedIn
      sessions.set(sessionId, refreshToken)
      return { userId: user.id, sessionId, token, name }
    },
    async renewed({ sessionId }) {
      const { accessToken, refreshToken } = await api.refresh({ address: 'here' }, { refreshToken: sessions.get(sessionId)! })
      sessions.set(sessionId, refreshToken)
      return accessToken
    },
    connect: connected,
    async live(somebody, more) {
      const client = await connected(somebody, more)
      await client.resume()
      return client
    },
    async group(owner, ...others) {
      const { view } = await api.createGroup(owner, { name: 'Группа', memberIds: others.map(({ userId }) => userId) })
      return view.chat.id
    },
    say: (somebody, chatId, text) => api.sendMessage(somebody, { chatId, clientMessageId: randomUUIDv7() as ClientMessageId, text }),
    async [Symbol.asyncDispose]() {
      sockets.close()
      for (const client of clients) client.ws.terminate()
      await close()
      await app.close()
    },
  }
}

import { onTestFinished } from 'vitest'
import {
  type ChatClient,
  type ChatOptions,
  createChat,
  memoryPersist,
  type OutboxEntry,
  type OutboxStore,
} from '../../../src/client/index.ts'
import { type FakePerson, type FakeServer, type FakeServerOptions, fakeServer } from '../../../src/testing.ts'

/** A fake service with two people and their private chat. */
export async function given(options: FakeServerOptions = {}) {
  const server = fakeServer(options)
  const ann = server.addPerson('Ann')
  const bob = server.addPerson('Bob')
  const chatId = await ann.privateChat(bob.id)
  return { server, ann, bob, chatId, clock: server.clock }
}

/** A running client of somebody on a device of their own; what should not happen fails the test. */
export function clientOf(
  server: FakeServer,
  person: FakePerson,
  options: Partial<ChatOptions> & { device?: ReturnType<FakeServer['device']> } = {},
) {
  const { device = server.device(), ...rest } = options
  const client = createChat({ url: server.url, auth: person.session(), platform: device.platform, persist: memoryPersist(), ...rest })
  const defects: unknown[] = []
  client.on('error', (defect) => defects.push(defect))
  client.start()
  onTestFinished(() => client.close())
  return { client, device, defects }
}

export const online = (server: FakeServer, client: ChatClient) => server.clock.until(() => client.connection.get().status === 'online')

/** What stands on the screen, with the state of what is one's own. */
export const lines = (client: ChatClient, chatId: string): string[] =>
  client
    .chat(chatId)
    .timeline.get()
    .rows.map(({ text = '–', state, isMine }) => (isMine ? `${text} (${state})` : text))

/** The service answers while its clock moves. */
export async function answered<T>(clock: { until(condition: () => boolean): Promise<void> }, call: Promise<T>): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  call.then(over, over)
  await clock.until(() => isOver)
  return call
}

/** An outbox that the tabs of one browser share. */
export function sharedStore() {
  const entries = new Map<string, OutboxEntry>()
  return (): OutboxStore => ({
    sharedAs: 'outbox of ann',
    load: async () => [...entries.values()],
    put: async (entry) => void entries.set(entry.key, entry),
    remove: async ({ key }) => void entries.delete(key),
  })
}

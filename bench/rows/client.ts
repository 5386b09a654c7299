import { type ChatClient, createChat } from '../../src/client/index.ts'
import type { Measured, Section } from '../measure/plan.ts'
import { quietService } from '../measure/quiet-service.ts'

interface Shown {
  readonly service: ReturnType<typeof quietService>
  readonly client: ChatClient
}

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

/** A client that shows all its chats and the whole timeline of one of them, to somebody who looks at both after every change. */
async function shown(chats: number, messages: number): Promise<Shown> {
  const service = quietService({ chats, messages })
  const client = createChat(service.options)
  client.start()
  while (client.chats.get().status !== 'ready' || client.connection.get().status !== 'online') await soon()
  while (client.chats.get().hasMore) await client.chats.loadMore()
  const chat = client.chat(service.chatId(0))
  chat.open()
  while (chat.timeline.get().status !== 'ready') await soon()
  while (chat.timeline.get().hasOlder) await chat.loadOlder()
  client.chats.subscribe(() => client.chats.get())
  chat.timeline.subscribe(() => chat.timeline.get())
  return { service, client }
}

/** Microseconds for each event, the notification of subscribers included. */
async function measured(events: number, deliver: (i: number) => void, isOneTurn: boolean): Promise<Measured> {
  const began = performance.now()
  for (let i = 0; i < events; i++) {
    deliver(i)
    if (!isOneTurn) await Promise.resolve()
  }
  await Promise.resolve()
  return { value: ((performance.now() - began) * 1_000) / events }
}

/** What an event costs in a client, large beside small. */
export const client: Section = {
  name: 'client',
  explains:
    'Microseconds of the client for each message that arrives, parsed, applied and shown to subscribers of the chat list and of one timeline: with 1,000 chats and 10,000 rows beside 10 chats and 50 rows. The service is a stand-in inside the same process that answers at once.',
  async prepare({ scale: { isSmoke } }) {
    const [chats, rows, events] = isSmoke ? [50, 200, 50] : [1_000, 10_000, 500]
    const [large, small] = [await shown(chats, rows), await shown(10, 50)]
    const arriving = ({ service }: Shown) => measured(events, () => service.deliver(0), false)
    const burst = ({ service }: Shown, among: number) => measured(events, (i) => service.deliver(1 + (i % among)), true)
    for (const scene of [large, small]) await measured(events, () => scene.service.deliver(0), false)
    const limitIs = '10 chats and 50 rows'
    return {
      plans: [
        {
          title: `A message in a client with ${chats} chats and ${rows} rows`,
          unit: 'µs',
          limitIs,
          target: { is: 'at most', ratio: 4 },
          times: 3,
          subject: () => arriving(large),
          limit: () => arriving(small),
        },
        {
          title: `${events} messages in one turn, in ${Math.min(200, chats - 1)} chats: each`,
          unit: 'µs',
          limitIs: '9 chats',
          target: { is: 'at most', ratio: 4 },
          times: 3,
          subject: () => burst(large, Math.min(200, chats - 1)),
          limit: () => burst(small, 9),
        },
      ],
      async close() {
        large.client.close()
        small.client.close()
      },
    }
  },
}

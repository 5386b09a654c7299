import { PgClient } from '../baselines/drivers.ts'
import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'

/** What pgbench would do, where there is none. */
let options: { url: string; statement: string; chats: number; options: string }
const nextKey = keys()

answering({
  start(given: typeof options) {
    options = given
  },
  async run({ which, clients, seconds }: { which: 'one' | 'many'; clients: number; seconds: number }) {
    const { url, statement, chats } = options
    const all = Array.from({ length: clients }, () => new PgClient({ connectionString: url, options: options.options }))
    await Promise.all(all.map((client) => client.connect()))
    const done = tally()
    const until = performance.now() + seconds * 1_000
    const work = async (client: PgClient) => {
      while (performance.now() < until) {
        const chat = which === 'one' ? 1 : 2 + Math.floor(Math.random() * chats)
        const sender = which === 'one' ? 1 + Math.floor(Math.random() * 2 * chats) : (chat - 1) * 2 - Math.floor(Math.random() * 2)
        const sentAt = performance.now()
        await client.query({ name: 'send', text: statement, values: [chat, sender, nextKey(), TEXT] })
        done.count()
        done.took(sentAt)
      }
    }
    await Promise.all(all.map(work))
    const mark = done.mark()
    await Promise.all(all.map((client) => client.end()))
    return mark
  },
})

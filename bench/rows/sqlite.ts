import { join } from 'node:path'
import { tempFolder } from '../../test/support/places.ts'
import type { StartSingle } from '../baselines/one-transaction.ts'
import type { LibraryBegin, Sender } from '../children/library.ts'
import { built } from '../measure/built.ts'
import { startChild } from '../measure/child.ts'
import type { Plan, Section } from '../measure/plan.ts'
import { measureWindow } from '../measure/window.ts'

const CHATS = 100

/** Group commit where the database is a file. */
export const sqlite: Section = {
  name: 'sqlite',
  explains:
    'Durable sends per second into SQLite with `synchronous=FULL`, in the library. Beside it the same reads and rows by bare prepared statements, one transaction for each message, in a loop that does nothing else. Who waits for an answer is told when the file has it, in both.',
  async prepare(bench) {
    const { seconds } = bench.scale
    const folder = await tempFolder('windi-chat-bench')
    const files = { ours: join(folder.path, 'ours.db'), single: join(folder.path, 'single.db') }
    const ours = await fill(files.ours)
    const theirs = await fill(files.single)
    const library = startChild('children/library.ts', bench)
    const single = startChild('baselines/one-transaction.ts')
    await library.ask('start', { databaseUrl: `sqlite:${files.ours}` })
    const placed = (senders: readonly Sender[]) => senders.map(({ caller, chatId }) => ({ userId: caller.userId, chatId }))
    await single.ask('start', { file: files.single, places: placed(theirs) } satisfies StartSingle)
    const plan = (which: 'one' | 'many', outstanding: number): Plan => {
      const senders = Array.from({ length: outstanding }, (_, i) => ours[which === 'one' ? i % 2 : i % ours.length]!)
      const begin: LibraryBegin = { senders }
      return {
        title: `SQLite, synchronous=FULL, ${which === 'one' ? 'one chat' : `${CHATS} chats`}, ${outstanding} outstanding`,
        unit: '/s',
        limitIs: 'one transaction each',
        target: { is: 'at least', ratio: 3 },
        subject: () => measureWindow({ load: library, server: library, begin, seconds }),
        limit: () => measureWindow({ load: single, server: single, begin: {}, seconds }),
      }
    }
    return {
      plans: bench.scale.isSmoke ? [plan('one', 64)] : [plan('one', 64), plan('many', 64), plan('many', 512)],
      async close() {
        await library.stop()
        await single.stop()
        await folder.remove()
      },
    }
  },
}

/** Two people in each of the chats. */
async function fill(file: string): Promise<readonly Sender[]> {
  const { database } = await built('mikro-orm')
  const { embed } = await built('index')
  const chat = embed(await database(`sqlite:${file}`))
  const senders: Sender[] = []
  for (let i = 0; i < CHATS; i++) {
    const one = await chat.addPerson({ name: `Person ${2 * i}` })
    const other = await chat.addPerson({ name: `Person ${2 * i + 1}` })
    const { view } = await chat.api.openPrivateChat(one, { userId: other.userId })
    senders.push({ caller: one, chatId: view.chat.id }, { caller: other, chatId: view.chat.id })
  }
  await chat.close()
  return senders
}

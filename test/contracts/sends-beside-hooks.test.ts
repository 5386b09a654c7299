import { describe, expect, it } from 'vitest'
import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { connect } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { asId } from '../../src/domain/ids.ts'
import type { OutboundPorts } from '../../src/main/compose.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { type Flat, flatTables } from '../support/erased/flat.ts'
import { erasedWorld } from '../support/erased/world.ts'
import { interruptible } from '../support/interrupted.ts'
import { tempFolder } from '../support/places.ts'

const SENDS = 5
type Sabotage = (ports: OutboundPorts) => Partial<OutboundPorts>

/** What sends ask of the store beside so many webhooks, and how many rows of each table there are more afterwards. */
async function sendsBeside(kind: DatabaseKind, hooks: number, sabotage: Sabotage = () => ({})) {
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const database = await connect(fresh?.url ?? 'sqlite::memory:')
  await migrate(database)
  await using folder = await tempFolder()
  const ports = interruptible()
  const change = (given: OutboundPorts) => ports.change({ ...given, ...sabotage(given) })
  const { api, person, close } = await erasedWorld({ database, blobs: memoryBlobs(), folder: folder.path, change })
  const [anna, boris] = [await person('Anna'), await person('Boris')]
  for (let i = 0; i < hooks; i++) await api.createHook({ ...anna, via: 'key', scopes: ['hooks'] }, { url: `https://hooks.example/${i}` })
  const { view } = await api.openPrivateChat(anna, { userId: boris.userId })
  const before = await flatTables(database)
  ports.arm(undefined)
  for (let i = 0; i < SENDS; i++)
    await api.sendMessage(anna, { chatId: view.chat.id, clientMessageId: asId(`key ${i}`), text: `text ${i}` })
  const calls = ports.calls()
  const rows = grown(before, await flatTables(database))
  await close()
  await fresh?.drop()
  return { calls, rows }
}

/** How many values more there are in each place. */
const grown = (before: Flat, after: Flat): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...after]
      .map(([place, values]) => [place, values.length - (before.get(place)?.length ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  )

const beside = [1, 10]

describe.each(databases.filter((kind) => kind !== 'memory'))('sends beside webhooks, on %s', (kind) => {
  it('ask nothing of the store but to be committed, and leave the same there beside none, one and ten', async () => {
    const alone = await sendsBeside(kind, 0)
    expect(new Set(alone.calls)).toEqual(new Set(['log.change']))
    expect(Object.values(alone.rows)).toContain(SENDS)
    for (const hooks of beside) expect(await sendsBeside(kind, hooks), `beside ${hooks}`).toEqual(alone)
  })
})

async function leaveRows({ consumers, people, newId }: OutboundPorts): Promise<void> {
  for (const { kind } of await consumers.list())
    if (kind === 'hook')
      await people.add({ id: asId(newId()), username: newId(), name: 'Row', email: undefined, passwordHash: undefined, createdAt: 0 })
}

it('would notice a send that leaves a row for each webhook', async () => {
  const sabotage: Sabotage = (ports) => ({
    log(onCommit) {
      const log = ports.log(onCommit)
      return { ...log, change: async (scope, decide) => (await leaveRows(ports), log.change(scope, decide)) }
    },
  })
  const [alone, many] = [await sendsBeside('sqlite', 0), await sendsBeside('sqlite', 10, sabotage)]
  expect(many).not.toEqual(alone)
})

import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { asId } from '../../../src/domain/ids.ts'
import { embed, type OpenStore } from '../../../src/main/embed.ts'
import { withKeptMaps } from '../../support/kept-maps.ts'

let keys = 0
const said = (text: string) => ({ clientMessageId: asId<never>(`key-${++keys}`), text })
const settled = () => new Promise<void>((done) => setImmediate(done))

/** Two processes on one store, whose own maps are watched. No clock is moved: nothing has to wait for its time. */
function world() {
  const store = memoryStore('epoch')
  const connect = inProcessBuses()
  const due: (() => void)[] = []
  const ports: OpenStore = (onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} })
  const open = () => withKeptMaps(() => embed(ports, { bus: connect(), later: (run) => void due.push(run) }))
  const processes = [open(), open()] as const
  return {
    first: processes[0].built,
    second: processes[1].built,
    grown: () => processes.flatMap(({ grown }) => grown()),
    async settle() {
      while (due.length > 0) {
        for (const run of due.splice(0)) run()
        await settled()
      }
      await settled()
    },
  }
}
type World = ReturnType<typeof world>

async function connected(app: World['first'], caller: Caller) {
  const connection = app.hub.open({ ...caller, deviceId: `phone of ${caller.userId}`, deliver() {}, end() {} })
  await connection.resume({ cursors: new Map() })
  return connection
}

/** Everything that leaves a trace in the hub: people on both processes who type, read, block, come and go. */
async function visit(here: World): Promise<void> {
  const { first, second } = here
  const [ann, bob, cyd] = [
    await first.addPerson({ name: 'Ann' }),
    await first.addPerson({ name: 'Bob' }),
    await first.addPerson({ name: 'Cyd' }),
  ]
  const { view } = await first.api.createGroup(ann, { name: 'Group', memberIds: [bob.userId] })
  const chatId = view.chat.id
  const lines = [await connected(first, ann), await connected(second, bob), await connected(first, cyd)]
  for (const line of lines.slice(0, 2)) await line.join(chatId)
  await first.api.addMembers(ann, { chatId, userIds: [cyd.userId] })
  await here.settle()
  await lines[2]!.join(chatId)
  for (const line of lines) await line.typing(chatId, true)
  const { view: sent } = await first.api.sendMessage(ann, { chatId, ...said('hello') })
  await second.api.sendMessageToUser(bob, { userId: cyd.userId, ...said('to one') })
  for (const who of [bob, cyd]) await second.api.markRead(who, { chatId, seq: 3 })
  await here.settle()
  await first.api.addReaction(cyd, { chatId, messageId: sent.message.id, emoji: '👍' })
  await first.api.blockUser(ann, cyd.userId)
  await here.settle()
  await first.api.removeMembers(ann, { chatId, userIds: [cyd.userId] })
  await here.settle()
  for (const app of [first, second]) await app.hub.poll()
  for (const line of lines) line.close()
  await here.settle()
}

describe('people who came and went', () => {
  it('have left nothing in the maps of a process', async () => {
    const here = world()
    for (let i = 0; i < 3; i++) await visit(here)
    for (const app of [here.first, here.second]) await app.hub.poll()
    // Neither time nor a sweep is needed.
    expect(here.grown()).toEqual([])
  })

  it('would be noticed if they stayed', async () => {
    const here = world()
    await visit(here)
    await connected(here.first, await here.first.addPerson({ name: 'Dan' }))
    expect(here.grown().map(({ where }) => where)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^src\/application\/live\/devices.ts:/)]),
    )
  })
})

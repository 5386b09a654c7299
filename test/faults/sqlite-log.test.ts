import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { openUrl } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'

const run = promisify(execFile)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const writer = join(import.meta.dirname, '../support/sqlite-writer.ts')

it('several processes write to one file of SQLite: one order, each key once, nothing lost', async () => {
  await using folder = await tempFolder()
  const url = `sqlite:${join(folder.path, 'chat.db')}`
  const store = await openUrl(url)
  const scene = sceneOf(store)
  const [ann, bob] = (await scene.persons(2)) as [UserId, UserId]
  const chat = await scene.group(ann, bob)
  const acknowledged = await Promise.all(
    [ann, bob, ann].map(async (sender) => JSON.parse((await run(process.execPath, [writer, url, chat, sender, '150'])).stdout) as string[]),
  )
  const log = await scene.events(chat)
  expect(log.map((event) => event.seq)).toEqual(upTo(301))
  const stored = new Set(log.flatMap((event) => (event.type === 'message.sent' ? [event.message.id] : [])))
  for (const id of acknowledged.flat()) expect(stored).toContain(id)
  expect(new Set(acknowledged.flat()).size).toBe(300)
  expect(acknowledged[0]).toEqual(acknowledged[2])
  await store.close()
})

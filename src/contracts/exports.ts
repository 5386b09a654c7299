import { expect, it } from 'vitest'
import type { ExportedRow } from '../application/ports/exports.ts'
import type { UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { OpenStore } from './store-harness.ts'

/** What `Exports` promises. */
export const exportsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: exports`, openStore, (scene) => {
    it('has everything about one user, and nothing that others wrote', async () => {
      const { person, persons, group, pair, send, remove, exports, consents, tick } = scene()
      const [bob, cid] = (await persons(2)) as [UserId, UserId]
      const ann = await person({ name: 'Anna Export', passwordHash: 'a secret hash' })
      const [chat, private_] = [await group(ann, bob), await pair(ann, cid)]
      for (let i = 0; i < 3; i++) await send(chat, ann, `mine ${i}`)
      await send(private_, ann, 'mine, too')
      await send(chat, bob, 'of bob')
      const gone = await send(chat, ann, 'regretted')
      await remove(chat, ann, gone.id)
      await consents.block(ann, cid, tick())
      const rows: ExportedRow[] = []
      for await (const row of exports.person(ann)) rows.push(row)
      const counts = Object.fromEntries([...Map.groupBy(rows, ({ about }) => about)].map(([about, { length }]) => [about, length]))
      expect(counts).toMatchObject({ users: 1, members: 2, messages: 4, blocks: 1 })
      const text = JSON.stringify(rows)
      for (const own of ['Anna Export', 'mine 0', 'mine 2', 'mine, too', cid]) expect(text).toContain(own)
      for (const other of ['of bob', 'regretted', 'a secret hash']) expect(text).not.toContain(other)
    })

    it('has more rows than are read at once, each once, and ends where the reader stops', async () => {
      const { persons, group, send, exports } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const sent = await Promise.all(Array.from({ length: 1_100 }, (_, i) => send(chat, ann, `number ${i}`)))
      const ids: string[] = []
      for await (const { about, row } of exports.person(ann)) if (about === 'messages') ids.push(row.id as string)
      expect(ids).toHaveLength(sent.length)
      expect(new Set(ids)).toEqual(new Set(sent.map(({ id }) => id)))
      let read = 0
      for await (const _ of exports.person(ann)) if (++read === 3) break
      expect(read).toBe(3)
    })
  })

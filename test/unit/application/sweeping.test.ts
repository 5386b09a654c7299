import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Storage } from '../../../src/application/ports/storage.ts'
import { fileWorld } from '../../properties/files.ts'
import { tempFolder } from '../../support/places.ts'

let world: Awaited<ReturnType<typeof fileWorld>>
let folder: Awaited<ReturnType<typeof tempFolder>>
beforeEach(async () => {
  folder = await tempFolder('sweeping')
  world = await fileWorld()
})
afterEach(async () => {
  await world.close()
  await folder.remove()
})

const received = async (sha256: string) => {
  const path = join(folder.path, sha256)
  await writeFile(path, randomBytes(10))
  return { path, sha256, size: 10 }
}

it('removes bytes that no row knows and pieces of uploads that are gone, and leaves the rest', async () => {
  await world.upload(0, 'kept')
  const { blobs }: Pick<Storage, 'blobs'> = world
  const kept = await blobs.list()
  await blobs.keep(await received('f'.repeat(64)))
  await blobs.keepPiece('00000000-0000-7000-8000-000000000000.000000000000-abc', await received('piece'))
  const { id } = await world.begin(0)
  const piece = `${id}.000000000000-abc`
  await blobs.keepPiece(piece, await received('piece'))
  expect(await world.sweep()).toBe(2)
  expect([await blobs.list(), await blobs.listPieces()]).toEqual([kept, [piece]])
  expect(await world.sweep()).toBe(0)
})

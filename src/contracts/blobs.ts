import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Blobs } from '../application/ports/blobs.ts'
import type { Bytes, Received } from '../application/ports/intake.ts'

/** Several handles on one place, as several processes have. Tests use bytes of their own, so the place may hold others. */
export type OpenBlobs = (count: number) => Promise<{ readonly blobs: readonly Blobs[]; close(): Promise<void> }>

/** What `Blobs` promises. */
export function blobsContract(name: string, open: OpenBlobs): void {
  describe(`${name}: blobs`, () => {
    let place: Awaited<ReturnType<OpenBlobs>>
    let folder: string
    let files = 0
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'blobs-'))
      place = await open(2)
    })
    afterAll(async () => {
      await place.close()
      await rm(folder, { recursive: true })
    })
    const two = () => place.blobs as readonly [Blobs, Blobs]

    async function received(bytes: Uint8Array): Promise<Received> {
      const path = join(folder, String(++files))
      await writeFile(path, bytes)
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    }

    it('keeps bytes, and every handle reads them', async () => {
      const [here, there] = two()
      const bytes = randomBytes(300_000)
      const given = await received(bytes)
      expect(await here.open(given.sha256)).toBeUndefined()
      await here.keep(given)
      await rm(given.path)
      expect(await all(await there.open(given.sha256))).toEqual(bytes)
    })

    it('keeps the same bytes once, however many bring them at the same time', async () => {
      const [here, there] = two()
      const given = await received(randomBytes(100_000))
      await Promise.all([here.keep(given), there.keep(given), here.keep(given)])
      await there.keep(given)
      await here.remove(given.sha256)
      expect(await there.open(given.sha256)).toBeUndefined()
    })

    it('keeps nothing at all, too', async () => {
      const [here] = two()
      const given = await received(Buffer.alloc(0))
      await here.keep(given)
      expect(await all(await here.open(given.sha256))).toEqual(Buffer.alloc(0))
    })

    it('reads ranges to the byte', async () => {
      const [here, there] = two()
      const bytes = randomBytes(1_000)
      const given = await received(bytes)
      await here.keep(given)
      for (const [first, last] of [
        [0, 0],
        [0, 999],
        [1, 998],
        [999, 999],
        [500, 499 + 250],
      ] as const)
        expect(await all(await there.open(given.sha256, { range: { first, last } }))).toEqual(bytes.subarray(first, last + 1))
    })

    it('keeps variants beside the bytes, and removes them with the bytes', async () => {
      const [here, there] = two()
      const given = await received(randomBytes(100))
      const [thumb, preview] = [randomBytes(10), randomBytes(20)]
      await here.keep(given)
      expect(await there.open(given.sha256, { variant: 'thumb' })).toBeUndefined()
      await here.keepVariant(given.sha256, 'thumb', thumb)
      await here.keepVariant(given.sha256, 'preview', preview)
      await here.keepVariant(given.sha256, 'preview', preview)
      expect(await all(await there.open(given.sha256, { variant: 'thumb' }))).toEqual(thumb)
      expect(await all(await there.open(given.sha256, { variant: 'preview', range: { first: 5, last: 9 } }))).toEqual(
        preview.subarray(5, 10),
      )
      await there.remove(given.sha256)
      await here.remove(given.sha256)
      for (const variant of [undefined, 'thumb', 'preview'] as const) expect(await here.open(given.sha256, { variant })).toBeUndefined()
    })

    it('lists digests in order, variants left out', async () => {
      const [here, there] = two()
      const given = await Promise.all(Array.from({ length: 12 }, () => received(randomBytes(50))))
      for (const one of given) await here.keep(one)
      await here.keepVariant(given[0]!.sha256, 'thumb', randomBytes(5))
      const wanted = given.map(({ sha256 }) => sha256).sort()
      const listed = await everything((after) => there.list(after))
      expect(listed).toEqual([...listed].sort())
      expect(listed.filter((sha256) => wanted.includes(sha256))).toEqual(wanted)
      expect((await there.list(wanted[5])).filter((sha256) => wanted.includes(sha256))).toEqual(wanted.slice(6))
    })

    it('keeps pieces of an upload, joins them, and drops them', async () => {
      const [here, there] = two()
      const parts = [randomBytes(100_000), randomBytes(1), randomBytes(70_000)]
      const names = ['a', 'b', 'c'].map((end) => `${createHash('sha256').update(parts[0]!).digest('hex').slice(0, 12)}-${end}.x`)
      for (const [i, part] of parts.entries()) await (i % 2 ? here : there).keepPiece(names[i]!, await received(part))
      expect(await all(there.pieces(names))).toEqual(Buffer.concat(parts))
      expect((await everything((after) => here.listPieces(after))).filter((name) => names.includes(name))).toEqual(names)
      await here.dropPieces(names.slice(1))
      await here.dropPieces(names.slice(1))
      await expect(all(there.pieces(names))).rejects.toThrow(/missing|ENOENT/)
      expect((await everything((after) => there.listPieces(after))).filter((name) => names.includes(name))).toEqual(names.slice(0, 1))
    })
  })
}

async function all(bytes: Bytes | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes!) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function everything(list: (after?: string) => Promise<readonly string[]>): Promise<readonly string[]> {
  const found: string[] = []
  for (let page = await list(); page.length > 0; page = await list(page.at(-1))) found.push(...page)
  return found
}

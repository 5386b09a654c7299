import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Blobs } from '../application/ports/blobs.ts'
import type { Bytes, Received } from '../application/ports/intake.ts'

/** Several handles on one place, as several processes have. Tests use bytes of their own, so the place may hold others. */
export interface BlobsHarness {
  readonly blobs: readonly Blobs[]
  /** Returns so many bytes that nobody has seen before. */
  fresh(length: number): Uint8Array
  /** Writes bytes to a temporary file, as an intake would, for as long as the harness is open. */
  receive(bytes: Uint8Array): Promise<Received>
  close(): Promise<void>
}
export type OpenBlobs = (count: number) => Promise<BlobsHarness>

/** What `Blobs` promises. */
export function blobsContract(name: string, open: OpenBlobs): void {
  describe(`${name}: blobs`, () => {
    let place: BlobsHarness
    beforeAll(async () => {
      place = await open(2)
    })
    afterAll(() => place.close())
    const two = () => place.blobs as readonly [Blobs, Blobs]
    const received = (bytes: Uint8Array) => place.receive(bytes)
    const fresh = (length: number) => place.fresh(length)

    it('keeps bytes, and every handle reads them', async () => {
      const [here, there] = two()
      const bytes = fresh(300_000)
      const given = await received(bytes)
      expect(await here.open(given.sha256)).toBeUndefined()
      await here.keep(given)
      expect(await all(await there.open(given.sha256))).toEqual(bytes)
    })

    it('keeps the same bytes once, however many bring them at the same time', async () => {
      const [here, there] = two()
      const given = await received(fresh(100_000))
      await Promise.all([here.keep(given), there.keep(given), here.keep(given)])
      await there.keep(given)
      await here.remove(given.sha256)
      expect(await there.open(given.sha256)).toBeUndefined()
    })

    it('keeps nothing at all, too', async () => {
      const [here] = two()
      const given = await received(new Uint8Array())
      await here.keep(given)
      expect(await all(await here.open(given.sha256))).toEqual(new Uint8Array())
    })

    it('reads ranges to the byte', async () => {
      const [here, there] = two()
      const bytes = fresh(1_000)
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
      const given = await received(fresh(100))
      const [thumb, preview] = [fresh(10), fresh(20)]
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
      const given = await Promise.all(Array.from({ length: 12 }, () => received(fresh(50))))
      for (const one of given) await here.keep(one)
      await here.keepVariant(given[0]!.sha256, 'thumb', fresh(5))
      const wanted = given.map(({ sha256 }) => sha256).sort()
      const listed = await everything((after) => there.list(after))
      expect(listed).toEqual([...listed].sort())
      expect(listed.filter((sha256) => wanted.includes(sha256))).toEqual(wanted)
      expect((await there.list(wanted[5])).filter((sha256) => wanted.includes(sha256))).toEqual(wanted.slice(6))
    })

    it('keeps pieces of an upload, joins them, and drops them', async () => {
      const [here, there] = two()
      const parts = [fresh(100_000), fresh(1), fresh(70_000)]
      const { sha256 } = await received(parts[0]!)
      const names = ['a', 'b', 'c'].map((end) => `${sha256.slice(0, 12)}-${end}.x`)
      for (const [i, part] of parts.entries()) await (i % 2 ? here : there).keepPiece(names[i]!, await received(part))
      expect(await all(there.pieces(names))).toEqual(joined(parts))
      expect((await everything((after) => here.listPieces(after))).filter((name) => names.includes(name))).toEqual(names)
      await here.dropPieces(names.slice(1))
      await here.dropPieces(names.slice(1))
      await expect(all(there.pieces(names))).rejects.toThrow(/missing|ENOENT/)
      expect((await everything((after) => there.listPieces(after))).filter((name) => names.includes(name))).toEqual(names.slice(0, 1))
    })
  })
}

async function all(bytes: Bytes | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes!) chunks.push(chunk)
  return joined(chunks)
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

async function everything(list: (after?: string) => Promise<readonly string[]>): Promise<readonly string[]> {
  const found: string[] = []
  for (let page = await list(); page.length > 0; page = await list(page.at(-1))) found.push(...page)
  return found
}

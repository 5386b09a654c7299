import { hash, randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFiles } from '../../../src/adapters/files/temporary.ts'
import { type TempFolder, tempFolder } from '../../support/places.ts'

const PIECE = 65_536

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('temporary')
})
afterAll(() => folder.remove())

const opened = () => temporaryFiles({ folder: folder.path, newId: randomUUID, clock: Date.now, stopwatch: () => performance.now() })

async function* chunksOf(chunks: readonly Uint8Array[], failure?: Error) {
  yield* chunks
  if (failure) throw failure
}

const chunks = fc.array(
  fc.nat(3 * PIECE).map((length) => Buffer.alloc(length, length % 251)),
  { maxLength: 12 },
)

describe('a temporary file', () => {
  it('has the bytes as they came, and their digest, however they were cut', async () => {
    const { write, drop } = await opened()
    await fc.assert(
      fc.asyncProperty(chunks, async (given) => {
        const all = Buffer.concat(given)
        const received = await write(chunksOf(given), { limit: all.length })
        expect(received).toMatchObject({ size: all.length, sha256: hash('sha256', all) })
        expect(all.equals(await readFile(received.path))).toBe(true)
        await drop(received)
      }),
      { numRuns: 30 },
    )
  })

  it('holds what came before its source failed, or does not stay', async () => {
    const { write, drop } = await opened()
    await fc.assert(
      fc.asyncProperty(chunks, async (some) => {
        const given = [...some, Buffer.from('x')]
        const all = Buffer.concat(given)
        const failing = () => chunksOf(given, new Error('cut'))
        const kept = await write(failing(), { limit: all.length, keepsPart: true })
        expect(all.equals(await readFile(kept.path))).toBe(true)
        await drop(kept)
        await expect(write(failing(), { limit: all.length })).rejects.toThrow('cut')
        await expect(write(chunksOf(given), { limit: all.length - 1 })).rejects.toMatchObject({ code: 'too-large' })
        expect(await readdir(folder.path)).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  it('is held in memory by a piece and a chunk at most, however many there are', async () => {
    const { write, drop } = await opened()
    const chunk = Buffer.alloc(10_000, 1)
    const [count, length] = [20, 40]
    let [read, most] = [0, 0]
    const onDisk = () => readdirSync(folder.path).reduce((sum, name) => sum + statSync(join(folder.path, name)).size, 0)
    async function* source() {
      for (let i = 0; i < length; i++) {
        read += chunk.length
        most = Math.max(most, read - onDisk())
        yield chunk
      }
    }
    const uploads = await Promise.all(Array.from({ length: count }, () => write(source(), { limit: length * chunk.length })))
    for (const received of uploads) await drop(received)
    expect(read).toBe(count * length * chunk.length)
    expect(most).toBeLessThanOrEqual(count * (PIECE + chunk.length))
    expect(most).toBeGreaterThan(count * chunk.length)
  })
})

import { describe, expect, it } from 'vitest'
import { slices } from '../../../src/application/files/slices.ts'

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let next = 0
  for (const size of sizes) yield Uint8Array.from({ length: size }, () => next++)
}

/** The bytes of each slice, chunk by chunk. */
async function cut(source: AsyncIterable<Uint8Array>, size: number): Promise<number[][][]> {
  const all: number[][][] = []
  for await (const slice of slices(source, size)) {
    const parts: number[][] = []
    for await (const part of slice) parts.push([...part])
    all.push(parts)
  }
  return all
}

describe('bytes in slices', () => {
  it('are cut where a slice is full, whatever the chunks they come in', async () => {
    expect(await cut(chunks(2, 5, 1), 3)).toEqual([[[0, 1], [2]], [[3, 4, 5]], [[6], [7]]])
    expect(await cut(chunks(7), 3)).toEqual([[[0, 1, 2]], [[3, 4, 5]], [[6]]])
  })

  it('end with an empty slice where the last one was full', async () => {
    expect(await cut(chunks(3, 3), 3)).toEqual([[[0, 1, 2]], [[3, 4, 5]], []])
    expect(await cut(chunks(), 3)).toEqual([[]])
  })

  it('end with the slice in which their source fails', async () => {
    async function* broken() {
      yield* chunks(4)
      throw new Error('cut')
    }
    const seen: string[] = []
    for await (const slice of slices(broken(), 3)) {
      const parts: number[] = []
      try {
        for await (const part of slice) parts.push(...part)
        seen.push(`whole ${parts.join()}`)
      } catch (error) {
        seen.push(`${(error as Error).message} ${parts.join()}`)
      }
    }
    expect(seen).toEqual(['whole 0,1,2', 'cut 3'])
  })
})

import type { Bytes } from '../ports/intake.ts'

/** The bytes in slices of this size, each to be read to its end before the next. If the source fails, the slice under way does, and is the last. */
export async function* slices(bytes: Bytes, size: number): AsyncGenerator<Bytes> {
  const source = bytes[Symbol.asyncIterator]()
  let rest: Uint8Array | undefined
  let isOver = false

  async function next(): Promise<Uint8Array | undefined> {
    if (rest) return rest
    isOver = true
    const { done, value } = await source.next()
    isOver = done === true
    return isOver ? undefined : value
  }

  async function* slice(): Bytes & AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; ) {
      const chunk = await next()
      if (!chunk) return
      rest = chunk.length > left ? chunk.subarray(left) : undefined
      const part = chunk.subarray(0, left)
      left -= part.length
      yield part
    }
  }

  while (!isOver) yield slice()
}

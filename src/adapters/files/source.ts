import { type FileHandle, open } from 'node:fs/promises'

/** Random access to bytes. Reading beyond the end returns fewer bytes. */
export interface Source {
  readonly size: number
  read(offset: number, length: number): Promise<Buffer>
}

/** Opens a file for as long as `use` runs. */
export async function withSource<T>(path: string, use: (source: Source) => Promise<T>): Promise<T> {
  const handle = await open(path)
  try {
    return await use(sourceOf(handle, (await handle.stat()).size))
  } finally {
    await handle.close()
  }
}

/** Read at once and kept until something beyond it is read: parsers read a few bytes here and there. */
const WINDOW = 65_536

function sourceOf(handle: FileHandle, size: number): Source {
  let window: Buffer = Buffer.alloc(0)
  let start = 0
  async function fetch(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await handle.read(buffer, 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset))
      if (wanted > WINDOW) return fetch(offset, wanted)
      if (offset < start || offset + wanted > start + window.length) {
        window = await fetch(offset, Math.min(WINDOW, Math.max(0, size - offset)))
        start = offset
      }
      return window.subarray(offset - start, offset - start + wanted)
    },
  }
}

/** Bytes that were read at once, as a source. */
export const sourceOfBytes = (bytes: Buffer): Source => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
})
